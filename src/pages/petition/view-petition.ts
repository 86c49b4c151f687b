import type { Counts } from '../../count/counts.ts'
import type { PublicLog } from '../../log/public-log.ts'
import {
  anyLanguagePath,
  petitionPath,
  privacyPath,
  verifyPath,
  withdrawPath,
} from '../../petition/paths.ts'
import {
  currentText,
  offersUpdates,
  type Petition,
  petitionState,
  reviewsNames,
} from '../../petition/petition.ts'
import type { Clock } from '../../platform/clock.ts'
import { countryName } from '../../platform/i18n/countries.ts'
import { formatDate, formatMoment } from '../../platform/i18n/format.ts'
import { languageNames, translator } from '../../platform/i18n/translate.ts'
import { toIso } from '../../platform/i18n/zone.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { type Attribution, attributionQuery } from '../../sharing/attribution.ts'
import type { FieldProblems, SignFormValues } from '../../signature/form/sign-form.ts'
import type { PublicSigners } from '../../signature/shown/list-public-signers.ts'
import type { Signatures } from '../../signature/signatures.ts'
import { type CountView, viewCount } from '../view-count.ts'
import { emptyValues, isUntouched, type SignForm, viewSignForm } from './sign-form.page.ts'
import { type TextView, viewText } from './view-text.ts'

/** GET /:lang/p/:slug, and an older version of its text. */
export interface PetitionPage extends Page, TextView {
  slug: string
  href: string
  state: { unready: boolean; upcoming: boolean; open: boolean; closed: boolean }
  /** Day, time and zone as the organisers wrote them. */
  opensOn: string
  opensDatetime: string
  /** Null when it has no closing date. */
  closesOn: string | null
  closesDatetime: string | null
  count: CountView
  signers: { name: string; country: string; when: string; datetime: string }[]
  comments: { text: string; name: string; country: string; when: string; datetime: string }[]
  /** Older and current versions of the text in this language, newest first. */
  versions: { number: number; href: string; published: string; current: boolean }[]
  /** On an older version's page: links to the current text; there is no form then. */
  oldVersion: { number: number; published: string; current: string } | null
  /** A dropped language whose link led here, and its last text. */
  dropped: { language: string; name: string; href: string } | null
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
  /** A form that was sent and is shown again. */
  form?: { values: SignFormValues; problems?: FieldProblems; trapped?: boolean }
}

export interface ViewPetitionNeeds {
  clock: Clock
  counts: Pick<Counts, 'shown'>
  signatures: Pick<Signatures, 'listPublic'>
  publicLog: Pick<PublicLog, 'published'>
  makePage: MakePage
}

/** The view model of the petition's page, or null when there is no such version. */
export async function viewPetition(
  needs: ViewPetitionNeeds,
  petition: Petition,
  { language, attribution, version, dropped, form }: ViewPetitionOptions,
): Promise<PetitionPage | null> {
  const current = currentText(petition, language)
  const text =
    version === undefined
      ? current
      : petition.texts.get(language)?.find((row) => row.version === version)
  if (!text) return null
  const { content } = text
  const state = petitionState(petition, needs.clock)
  const path = petitionPath(petition.slug)
  const href = path(language)
  const query = attributionQuery(attribution)
  const older = text !== current
  const t = translator(language)
  return {
    ...needs.makePage({
      language,
      title: content.title,
      description: content.summary,
      path,
      anyLanguage: anyLanguagePath(petition.slug),
      query,
      offered: petition.settings.languages,
      accent: petition.settings.accent,
      demoKey: petition.settings.demoKey,
      indexed: !older,
      typedForm: form && state === 'open' && !isUntouched(form.values) ? 'sign-form' : null,
      letter: false,
    }),
    slug: petition.slug,
    href: `${href}${query}`,
    ...viewText(petition, text, language),
    state: {
      unready: state === 'unready',
      upcoming: state === 'upcoming',
      open: state === 'open',
      closed: state === 'closed',
    },
    ...viewDays(petition, language),
    count: viewCount(
      petition,
      await needs.counts.shown(petition.id),
      language,
      await needs.publicLog.published(),
    ),
    ...viewSigners(await needs.signatures.listPublic(petition), language, t('petition.hiddenName')),
    versions: petition.texts.get(language)!.map((row) => ({
      number: row.version,
      href: row === current ? href : `${href}/versions/${row.version}`,
      published: formatDate(row.published_at, language, petition.settings.zone),
      current: row === text,
    })),
    oldVersion: older
      ? {
          number: text.version,
          published: formatDate(text.published_at, language, petition.settings.zone),
          current: href,
        }
      : null,
    dropped: dropped === undefined ? null : viewDropped(petition, dropped),
    form:
      state !== 'open' || older
        ? null
        : viewSignForm({
            language,
            t,
            action: `${href}/signatures`,
            textVersion: text.version,
            offersUpdates: offersUpdates(petition),
            namesReviewed: reviewsNames(petition),
            privacyHref: privacyPath(petition.slug)(language),
            values: form?.values ?? emptyValues(attribution),
            problems: form?.problems ?? {},
            trapped: form?.trapped ?? false,
          }),
    withdrawHref: withdrawPath(petition.slug)(language),
    privacyHref: privacyPath(petition.slug)(language),
    verifyHref: verifyPath(petition.slug)(language),
  }
}

function viewDropped(petition: Petition, language: string) {
  const { version } = petition.texts.get(language)![0]!
  const href = `${petitionPath(petition.slug)(language)}/versions/${version}`
  return { language, name: languageNames[language] ?? language, href }
}

function viewDays({ opensAt, opensZone, closesAt, closesZone }: Petition, language: string) {
  return {
    opensOn: formatMoment(opensAt, language, opensZone),
    opensDatetime: toIso(opensAt, opensZone),
    closesOn: closesAt && formatMoment(closesAt, language, closesZone),
    closesDatetime: closesAt && toIso(closesAt, closesZone),
  }
}

function viewSigners(shown: PublicSigners, language: string, hiddenName: string) {
  const row = ({ country, confirmedAt }: { country: string; confirmedAt: Date }) => ({
    country: countryName(country, language),
    when: formatDate(confirmedAt, language),
    // Only the day: the minute would tie a name to a line of a traffic log.
    datetime: confirmedAt.toISOString().slice(0, 10),
  })
  return {
    signers: shown.signers.map((signer) => ({ name: signer.name, ...row(signer) })),
    comments: shown.comments.map((comment) => ({
      text: comment.text,
      name: comment.name ?? hiddenName,
      ...row(comment),
    })),
  }
}
