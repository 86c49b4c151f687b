import type { Counts } from '../../count/counts.ts'
import type { PublicLog } from '../../log/public-log.ts'
import { petitionPath, privacyPath } from '../../petition/paths.ts'
import {
  currentText,
  formFrames,
  hasEnded,
  type Petition,
  petitionState,
} from '../../petition/petition.ts'
import type { Clock } from '../../platform/clock.ts'
import { formatMoment } from '../../platform/i18n/format.ts'
import { type Translate, translator } from '../../platform/i18n/translate.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { attributionQuery } from '../../sharing/attribution.ts'
import type { FieldProblems, SignFormValues } from '../../signature/form/sign-form.ts'
import { emptyValues, type SignForm, viewSignForm } from '../petition/sign-form.page.ts'
import { viewPause } from '../petition/view-stage.ts'
import { type CountView, viewCount } from '../view-count.ts'
import { type FrameLook, framePath, type Kind, type Theme } from './frame-look.ts'

/** A page in another site's frame. Its links open windows of their own. */
export interface FramePage extends Page {
  /** A form's kind is `button` where the petition lets no site hold its form. */
  kind: Kind
  theme: Theme
  /** When the dark style sheets hold, as a media query. */
  darkMedia: string
  colours: string
  /** Follows on another page of the frame: the reader has acted, and focus may move. */
  continued: boolean
  /** Links of the form open windows, too. */
  inFrame: true
  petition: { title: string; href: string }
  privacyHref: string
}

export interface FormFramePage extends FramePage {
  summary: string
  /** The petition's own page, absolute. */
  address: string
  /** Null while the database is away. */
  count: CountView | null
  ended: boolean
  /** Sentences on why there is no form, or why it comes back. */
  notices: string[]
  form: SignForm | null
  submit: string
}

export interface ViewFrameNeeds {
  config: { publicUrl: string }
  clock: Clock
  makePage: MakePage
  counts: Pick<Counts, 'shown'>
  publicLog: Pick<PublicLog, 'published'>
}

interface FrameOptions {
  /** A form that was sent and is shown again. */
  form?: { values: SignFormValues; problems?: FieldProblems; trapped?: boolean }
  /** In the place of those that the petition's state gives. */
  notices?: string[]
  /** The database is away: nothing is read. */
  away?: boolean
}

export const DARK_MEDIA: Record<Theme, string> = {
  auto: '(prefers-color-scheme: dark)',
  light: 'not all',
  dark: 'all',
}

export async function viewFrame(
  needs: ViewFrameNeeds,
  petition: Petition,
  look: FrameLook,
  { form, notices, away = false }: FrameOptions = {},
): Promise<FormFramePage> {
  const { language } = look
  const t = translator(language)
  const page = viewFramePart(needs.makePage, petition, look, {
    title: currentText(petition, language).content.title,
    continued: form !== undefined,
  })
  const isOpen = petitionState(petition, needs.clock) === 'open'
  return {
    ...page,
    summary: currentText(petition, language).content.summary,
    address: `${needs.config.publicUrl}${page.petition.href}`,
    count: away
      ? null
      : viewCount(
          petition,
          await needs.counts.shown(petition.id),
          language,
          await needs.publicLog.published(),
        ),
    ended: hasEnded(petition, needs.clock),
    notices: notices ?? tellState(petition, needs.clock, t, language),
    form: page.kind === 'form' && (isOpen || form) ? viewForm(petition, look, form) : null,
    submit: t(away ? 'unavailable.submit' : 'form.submit'),
  }
}

export function viewFramePart(
  makePage: MakePage,
  petition: Petition,
  look: FrameLook,
  { title, continued }: { title: string; continued: boolean },
): FramePage {
  const { language, theme, colours } = look
  const { slug, settings } = petition
  const { content } = currentText(petition, language)
  return {
    ...makePage({
      language,
      title,
      // The language buttons post the form, whose fields hold ref and source; in eleven addresses these would be a tenth of
      // the page.
      path: (other) => framePath(slug, { ...look, language: other, ref: '', source: '' }),
      offered: settings.languages,
      accent: settings.accent,
      demoKey: settings.demoKey,
    }),
    kind: look.kind === 'form' && formFrames(petition) === null ? 'button' : look.kind,
    theme,
    darkMedia: DARK_MEDIA[theme],
    colours,
    continued,
    inFrame: true,
    petition: {
      title: content.title,
      href: `${petitionPath(slug)(language)}${attributionQuery(look)}`,
    },
    privacyHref: privacyPath(slug)(language),
  }
}

function viewForm(petition: Petition, look: FrameLook, form: FrameOptions['form']): SignForm {
  const { language } = look
  return viewSignForm(petition, {
    language,
    action: framePath(petition.slug, look, '/signatures'),
    textVersion: Number(form?.values.textVersion) || currentText(petition, language).version,
    values: form?.values ?? emptyValues(look),
    problems: form?.problems ?? {},
    trapped: form?.trapped ?? false,
  })
}

function tellState(petition: Petition, clock: Clock, t: Translate, language: string): string[] {
  const { opensAt, opensZone, closesAt, closesZone } = petition
  switch (petitionState(petition, clock)) {
    case 'open':
      return []
    case 'unready':
      return [t('petition.unready.text')]
    case 'upcoming':
      return [t('petition.upcoming.text', { date: formatMoment(opensAt, language, opensZone) })]
    case 'paused':
      return [viewPause(petition, language)!, t('petition.paused.later')]
    default:
      return closesAt
        ? [t('petition.closed.on', { date: formatMoment(closesAt, language, closesZone) })]
        : [t('petition.closed.text')]
  }
}
