import type { Counts } from '../../count/counts.ts'
import type { PublicLog } from '../../log/public-log.ts'
import { petitionPath, privacyPath, verifyPath } from '../../petition/paths.ts'
import {
  currentText,
  offersUpdates,
  type Petition,
  petitionState,
  reviewsNames,
} from '../../petition/petition.ts'
import type { PetitionTextRow } from '../../petition/petition-rows.ts'
import type { Clock } from '../../platform/clock.ts'
import { bindWords } from '../../platform/i18n/bind-words.ts'
import { countryName } from '../../platform/i18n/countries.ts'
import { formatDate, formatMoment, formatPartialDate } from '../../platform/i18n/format.ts'
import { languageNames, translator } from '../../platform/i18n/translate.ts'
import type { MakePage } from '../../platform/web/site-page.ts'
import { toIso } from '../../platform/zone.ts'
import { type Attribution, attributionQuery } from '../../sharing/attribution.ts'
import type { FieldProblems, SignFormValues } from '../../signature/form/sign-form.ts'
import type {
  PublicSigners,
  PublicSignersCache,
} from '../../signature/shown/list-public-signers.ts'
import { viewCount } from '../count.page.ts'
import { headline } from '../headline.ts'
import type { PetitionPage } from './petition.page.ts'
import { renderMarkdown, renderMarkdownLine } from './render-markdown.ts'
import { emptyValues, isUntouched, viewSignForm } from './sign-form.page.ts'

export interface ViewPetitionOptions {
  /** One of the petition's languages. */
  language: string
  attribution: Attribution
  /** Set when an older version is read; else the current one. */
  version?: number
  /** A language that the petition had once, whose link led here. */
  dropped?: string
  /** A form that was sent and is shown again. */
  form?: { values: SignFormValues; problems?: FieldProblems; trapped?: boolean }
}

type Needs = {
  clock: Clock
  counts: Pick<Counts, 'shown'>
  publicSigners: PublicSignersCache
  makePage: MakePage
} & {
  publicLog: Pick<PublicLog, 'published'>
}

/** The view model of the petition's page, or null when there is no such version. */
export async function viewPetition(
  site: Needs,
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
  const state = petitionState(petition, site.clock)
  const path = petitionPath(petition.slug)
  const href = path(language)
  const query = attributionQuery(attribution)
  const older = text !== current
  const t = translator(language)
  const bound = (text: string) => bindWords(text, language)
  return {
    ...site.makePage({
      language,
      title: content.title,
      description: content.summary,
      path,
      anyLanguage: `/p/${petition.slug}`,
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
    slogan: headline(content.slogan, language),
    summary: bound(content.summary),
    notice: content.notice && bound(content.notice),
    ask: { who: bound(content.who), whom: bound(content.whom), what: bound(content.what) },
    demands: content.demands.map(bound),
    bodyHtml: renderMarkdown(bound(content.body)),
    ...viewFacts(petition, text, language),
    organisers: petition.settings.organisers.map(({ id, url }) => ({
      name: content.organisers[id] ?? id,
      url,
    })),
    state: {
      unready: state === 'unready',
      upcoming: state === 'upcoming',
      open: state === 'open',
      closed: state === 'closed',
    },
    ...viewDays(petition, language),
    count: viewCount(
      petition,
      await site.counts.shown(petition.id),
      language,
      await site.publicLog.published(),
    ),
    ...viewSigners(await site.publicSigners(petition), language, t('petition.hiddenName')),
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
    withdrawHref: `${href}/withdraw`,
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

function viewFacts(petition: Petition, { content }: PetitionTextRow, language: string) {
  const { sources } = petition.settings
  const numberOf = (id: string) => sources.findIndex((source) => source.id === id) + 1
  return {
    facts: content.facts.map((fact, index) => ({
      number: index + 1,
      html: renderMarkdownLine(bindWords(fact.text, language)),
      notes: fact.sources.map((id) => ({ number: numberOf(id) })),
    })),
    sources: sources.map(({ id, url, date }) => ({
      number: numberOf(id),
      title: content.sources[id]!.title,
      publisher: content.sources[id]!.publisher,
      url,
      date: formatPartialDate(date, language),
      citedBy: content.facts.flatMap((fact, index) =>
        fact.sources.includes(id) ? [index + 1] : [],
      ),
    })),
  }
}

function viewSigners(shown: PublicSigners, language: string, hiddenName: string) {
  const row = ({ country, confirmedAt }: { country: string; confirmedAt: Date }) => ({
    country: countryName(country, language),
    when: formatDate(confirmedAt, language),
    // The day alone: the minute would tie a name to an entry of a traffic log.
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
