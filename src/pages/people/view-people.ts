import { commentsPath, namesPath, reportPath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import { countryName } from '../../platform/i18n/countries.ts'
import { formatDate } from '../../platform/i18n/format.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import type { Moderation } from '../../signature/moderation/moderation.ts'
import type { PublicComment, PublicSigner } from '../../signature/shown/list-public-signers.ts'
import type { Signatures } from '../../signature/signatures.ts'
import { petitionPagePart } from '../petition-page-part.ts'

/** GET /:lang/p/:slug/names and …/comments: everything that the petition shows of its signers. */
interface PeoplePage extends Page {
  petition: { title: string; slogan: string; href: string }
  /** The page with older ones; null on the last. */
  older: string | null
  /** The first page; null on it. */
  newest: string | null
}

export interface Shown {
  country: string
  when: string
  datetime: string
  /** The form to report it. */
  report: string
}

interface NamesPage extends PeoplePage {
  signers: (Shown & { name: string })[]
}

interface CommentsPage extends PeoplePage {
  comments: (Shown & { text: string; name: string })[]
}

export type MarkOf = Pick<Moderation, 'markOf'>

export interface ViewPeopleNeeds {
  signatures: Pick<Signatures, 'publicPages'> & { moderation: MarkOf }
  makePage: MakePage
}

interface Asked {
  language: string
  /** A mark in the address; null for the newest. */
  after: string | null
}

export async function viewNames(
  { signatures, makePage }: ViewPeopleNeeds,
  petition: Petition,
  { language, after }: Asked,
): Promise<NamesPage> {
  const { shown, older } = await signatures.publicPages.names(petition, after)
  return {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: 'petition.names',
      path: namesPath(petition.slug),
    }),
    ...viewPages(namesPath(petition.slug)(language), { after, older }),
    signers: shown.map((signer) => viewSigner(signatures, petition, signer, language)),
  }
}

export async function viewComments(
  { signatures, makePage }: ViewPeopleNeeds,
  petition: Petition,
  { language, after }: Asked,
): Promise<CommentsPage> {
  const { shown, older } = await signatures.publicPages.comments(petition, after)
  return {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: 'petition.comments',
      path: commentsPath(petition.slug),
    }),
    ...viewPages(commentsPath(petition.slug)(language), { after, older }),
    comments: shown.map((comment) => viewComment(signatures, petition, comment, language)),
  }
}

function viewPages(path: string, { after, older }: { after: string | null; older: string | null }) {
  return { older: older && `${path}/${older}`, newest: after && path }
}

type Marking = { moderation: MarkOf }

export function viewSigner(
  { moderation }: Marking,
  { slug }: Petition,
  signer: PublicSigner,
  language: string,
): Shown & { name: string } {
  const mark = moderation.markOf('public_name', signer.id, signer.name)
  const report = reportPath(slug, 'name', mark)(language)
  return { name: signer.name, report, ...viewShown(signer, language) }
}

export function viewComment(
  { moderation }: Marking,
  { slug }: Petition,
  comment: PublicComment,
  language: string,
): Shown & { name: string; text: string } {
  const { id, text } = comment
  const name = comment.name ?? translator(language)('petition.hiddenName')
  const report = reportPath(slug, 'comment', moderation.markOf('comment', id, text))(language)
  return { text, name, report, ...viewShown(comment, language) }
}

/** Only the day: the minute would tie a name to a line of a traffic log. */
function viewShown(
  { country, confirmedAt }: { country: string; confirmedAt: Date },
  language: string,
): Omit<Shown, 'report'> {
  return {
    country: countryName(country, language),
    when: formatDate(confirmedAt, language),
    datetime: confirmedAt.toISOString().slice(0, 10),
  }
}
