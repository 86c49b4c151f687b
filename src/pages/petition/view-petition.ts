import type { Cards } from '../../card/cards.ts'
import type { Config } from '../../config.ts'
import type { Counts } from '../../count/counts.ts'
import type { Imports } from '../../imported/imports.ts'
import type { PublicLog } from '../../log/public-log.ts'
import type { Papers } from '../../paper/papers.ts'
import {
  anyLanguagePath,
  commentsPath,
  namesPath,
  partnersPath,
  petitionPath,
  privacyPath,
  thanksPath,
  verifyPath,
  withdrawPath,
} from '../../petition/paths.ts'
import { currentText, hasEnded, type Petition, petitionState } from '../../petition/petition.ts'
import type { Clock } from '../../platform/clock.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { type Attribution, attributionQuery } from '../../sharing/attribution.ts'
import { FIRST_CHANNELS, type ShareLink } from '../../sharing/share-links.ts'
import { petitionShareLinks } from '../../sharing/share-words.ts'
import type { FieldProblems, SignFormValues } from '../../signature/form/sign-form.ts'
import type { PublicSigners } from '../../signature/shown/list-public-signers.ts'
import type { Signatures } from '../../signature/signatures.ts'
import type { Targets } from '../../target/targets.ts'
import type { Updates } from '../../update/updates.ts'
import { type Board, viewBoard } from '../answers/view-board.ts'
import { type OembedLinks, oembedLinks } from '../embed/oembed-links.ts'
import { type MarkOf, type Shown, viewComment, viewSigner } from '../people/view-people.ts'
import { type ToldUpdates, viewTold } from '../updates/list-updates.ts'
import { type CountView, viewCount } from '../view-count.ts'
import { emptyValues, isUntouched, type SignForm, viewSignForm } from './sign-form.page.ts'
import { viewElsewhere } from './view-elsewhere.ts'
import { type Momentum, viewMomentum } from './view-momentum.ts'
import { gatherPictures, type PictureNeeds, type PictureView } from './view-picture.ts'
import { type DeliveryView, viewDays, viewDelivery, viewPause } from './view-stage.ts'
import { type TextView, viewText } from './view-text.ts'
import { type VersionsView, viewVersions } from './view-versions.ts'

/** Names in the line beside the count. */
const NEWEST = 3

/** GET /:lang/p/:slug, and an older version of its text. */
export interface PetitionPage extends Page, TextView, ToldUpdates, VersionsView {
  slug: string
  href: string
  /** `closed` also once it is delivered or answered. */
  state: { unready: boolean; upcoming: boolean; open: boolean; paused: boolean; closed: boolean }
  /** The reason; null unless it is paused. */
  paused: string | null
  delivery: DeliveryView | null
  /** Day, time and zone as the organisers wrote them. */
  opensOn: string
  opensDatetime: string
  /** Null when it has no closing date. */
  closesOn: string | null
  closesDatetime: string | null
  count: CountView
  /** Signatures on paper, beside the count and never in it; 0 when there are none. */
  paper: number
  /** From other sites, in the same way. */
  imported: number
  image: PictureView | null
  /** Where oEmbed consumers ask; null on a page that has no address of its own. */
  oembed: OembedLinks | null
  /** Plain links; the whole kit comes after confirming. Empty on an older version's page. */
  share: ShareLink[]
  /** All ways to share; null where the text is no published one. */
  shareMore: string | null
  /** The board of partners; null where the organisers keep it to themselves. */
  partnersHref: string | null
  momentum: Momentum
  /** Some of the latest names, for a line beside the count. */
  newest: { name: string; country: string }[]
  signers: (Shown & { name: string })[]
  comments: (Shown & { text: string; name: string })[]
  /** Those who are asked, and their answers; null where the petition lists nobody. */
  board: Board | null
  /** Where the rest is; null where there is no more. */
  allNames: string | null
  allComments: string | null
  form: SignForm | null
  withdrawHref: string
  privacyHref: string
  /** The page on how to check the count. */
  verifyHref: string
}

interface ViewPetitionOptions {
  /** One of the petition's languages. */
  language: string
  attribution: Attribution
  /** Set when an older version is read; else the current one. */
  version?: number
  /** A dropped language whose link led here. */
  dropped?: string
  /** Where a draft is shown, before it has an address of its own. */
  path?: (language: string) => string
  /** A form that was sent and is shown again. */
  form?: { values: SignFormValues; problems?: FieldProblems; trapped?: boolean }
}

export interface ViewPetitionNeeds extends PictureNeeds {
  config: Pick<Config, 'publicUrl'>
  clock: Clock
  cards: Pick<Cards, 'version'>
  counts: Pick<Counts, 'shown' | 'publicTable'>
  signatures: Pick<Signatures, 'listPublic'> & { moderation: MarkOf }
  publicLog: Pick<PublicLog, 'published'>
  targets: Pick<Targets, 'of'>
  papers: Pick<Papers, 'total'>
  imports: Pick<Imports, 'total'>
  updates: Pick<Updates, 'of'>
  makePage: MakePage
}

/** The view model of the petition's page, or null when there is no such version. */
export async function viewPetition(
  needs: ViewPetitionNeeds,
  petition: Petition,
  { language, attribution, version, dropped, form, ...options }: ViewPetitionOptions,
): Promise<PetitionPage | null> {
  const current = currentText(petition, language)
  const text =
    version === undefined
      ? current
      : petition.texts.get(language)?.find((row) => row.version === version)
  if (!text) return null
  const { content } = text
  const state = petitionState(petition, needs.clock)
  const path = options.path ?? petitionPath(petition.slug)
  const href = path(language)
  const query = attributionQuery(attribution)
  const older = text !== current
  const isIndexed = !older && !options.path
  const pictures = await gatherPictures(needs, petition, content, language)
  return {
    ...needs.makePage({
      language,
      title: content.title,
      description: content.summary,
      path,
      anyLanguage: options.path ? undefined : anyLanguagePath(petition.slug),
      query,
      offered: petition.settings.languages,
      accent: petition.settings.accent,
      demoKey: petition.settings.demoKey,
      indexed: isIndexed,
      ...(isIndexed && (await viewElsewhere(needs, petition, language))),
      typedForm: form && state === 'open' && !isUntouched(form.values) ? 'sign-form' : null,
      letter: false,
    }),
    slug: petition.slug,
    oembed: older || options.path ? null : oembedLinks(needs.config.publicUrl, href + query),
    href: `${href}${query}`,
    ...viewText(petition, text, language, pictures.inText),
    image: pictures.image,
    state: {
      unready: state === 'unready',
      upcoming: state === 'upcoming',
      open: state === 'open',
      paused: state === 'paused',
      closed: hasEnded(petition, needs.clock),
    },
    paused: viewPause(petition, language),
    delivery: viewDelivery(petition, language, pictures.delivered),
    ...viewDays(petition, language),
    count: viewCount(
      petition,
      await needs.counts.shown(petition.id),
      language,
      await needs.publicLog.published(),
    ),
    paper: await needs.papers.total(petition),
    imported: await needs.imports.total(petition),
    share: older
      ? []
      : petitionShareLinks(petition, language, `${needs.config.publicUrl}${href}`, FIRST_CHANNELS),
    shareMore: options.path ? null : thanksPath(petition.slug)(language),
    partnersHref:
      petition.settings.partners === 'public' ? partnersPath(petition.slug)(language) : null,
    momentum: viewMomentum(
      (await needs.counts.publicTable(petition, 'day')).rows,
      petition.settings.goals,
      { now: needs.clock.now(), language },
    ),
    board: viewBoard(petition, await needs.targets.of(petition), {
      language,
      now: needs.clock.now(),
      brief: true,
    }),
    ...viewSigners(needs, petition, await needs.signatures.listPublic(petition), language),
    ...viewTold(petition, await needs.updates.of(petition), language, query),
    ...viewVersions(petition, text, { language, href, dropped }),
    form:
      state !== 'open' || older
        ? null
        : viewSignForm(petition, {
            language,
            action: options.path ? href : `${href}/signatures`,
            textVersion: text.version,
            values: form?.values ?? emptyValues(attribution),
            problems: form?.problems ?? {},
            trapped: form?.trapped ?? false,
          }),
    withdrawHref: withdrawPath(petition.slug)(language),
    privacyHref: privacyPath(petition.slug)(language),
    verifyHref: verifyPath(petition.slug)(language),
  }
}

function viewSigners(
  { signatures }: ViewPetitionNeeds,
  petition: Petition,
  shown: PublicSigners,
  language: string,
) {
  const signers = shown.signers.map((signer) => viewSigner(signatures, petition, signer, language))
  return {
    signers,
    newest: signers.slice(0, NEWEST),
    comments: shown.comments.map((each) => viewComment(signatures, petition, each, language)),
    allNames: shown.more.signers ? namesPath(petition.slug)(language) : null,
    allComments: shown.more.comments ? commentsPath(petition.slug)(language) : null,
  }
}
