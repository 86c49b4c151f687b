import { reportPath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { REASONS } from '../../signature/moderation/why.ts'
import { petitionPagePart } from '../petition-page-part.ts'

/** GET and POST /:lang/p/:slug/report/:kind/:mark */
interface ReportPage extends Page {
  petition: { title: string; slogan: string; href: string }
  action: string
  /** What is reported; null where the page doesn't show it any more. */
  text: string | null
  reasons: { value: string; label: string; first: boolean }[]
  /** No reason was chosen. */
  error: string | null
  sent: boolean
}

interface Shown {
  language: string
  kind: 'name' | 'comment'
  mark: string
  text?: string | null
  isMissing?: boolean
  sent?: boolean
}

export function viewReport(
  makePage: MakePage,
  petition: Petition,
  { language, kind, mark, text = null, isMissing = false, sent = false }: Shown,
): ReportPage {
  const t = translator(language)
  const path = reportPath(petition.slug, kind, mark)
  return {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: sent ? 'report.sentHeading' : `report.heading.${kind}`,
      path,
    }),
    canonical: null,
    action: path(language),
    text,
    reasons: REASONS.map((value, index) => ({
      value,
      label: t(`report.reason.${value}`),
      first: index === 0,
    })),
    error: isMissing ? t('report.missing') : null,
    sent,
  }
}
