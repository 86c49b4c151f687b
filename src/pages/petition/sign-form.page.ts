import { findForeignLetter } from '../../platform/address/find-foreign-letter.ts'
import { suggestAddress } from '../../platform/address/suggest-address.ts'
import { countryName, likelyCountries, listCountries } from '../../platform/i18n/countries.ts'
import type { Translate } from '../../platform/i18n/translate.ts'
import { lostCharacter } from '../../signature/form/person-text.ts'
import { readPostcode } from '../../signature/form/read-postcode.ts'
import {
  COMMENT_MAX,
  digestOf,
  type FieldProblems,
  type SignFormValues,
} from '../../signature/form/sign-form.ts'
import { RETENTION_DAYS } from '../../signature/remind-or-erase.ts'
import type { SignField, SignForm } from './petition.page.ts'

/** The order in which the page shows its fields, so that the summary reads downwards. */
const FIELDS: SignField[] = [
  'name',
  'email',
  'country',
  'postcode',
  'comment',
  'display',
  'updates',
  'consent',
]

export interface SignFormOptions {
  language: string
  t: Translate
  action: string
  textVersion: number
  offersUpdates: boolean
  namesReviewed: boolean
  /** The page that says what is kept. */
  privacyHref: string
  values: SignFormValues
  problems: FieldProblems
  /** Shown again because it fell into the trap for robots. */
  trapped: boolean
}

/** The form as typed so far; nothing is ever cleared. */
export function viewSignForm(options: SignFormOptions): SignForm {
  const { language, t, values, problems } = options
  const suggestion = problems.email === 'slip' ? suggestAddress(values.email) : null
  const errorList = FIELDS.flatMap((field) => {
    const problem = problems[field]
    if (!problem) return []
    const value = values[field]
    const letter = field === 'email' ? findForeignLetter(value) : lostCharacter(value)
    const message = t(`errors.${field}.${problem}`, {
      letter: letter ?? '',
      suggestion: suggestion ?? '',
    })
    return [
      { field, message: field === 'comment' ? `${message} ${t('form.comment.again')}` : message },
    ]
  })
  const trapped = options.trapped ? [{ field: null, message: t('form.trapped') }] : []
  const choose = (code: string) => ({
    code,
    name: countryName(code, language),
    selected: code === values.country,
  })
  const likely = likelyCountries(language)
  const display = ['initials', 'name'].includes(values.display) ? values.display : 'hidden'
  return {
    action: options.action,
    values,
    errors: Object.fromEntries(errorList.map(({ field, message }) => [field, message])),
    errorList: [...errorList, ...trapped],
    trapped: options.trapped,
    suggestion,
    asked: nowAsked(values, problems),
    postcodeHint: readPostcode(values.postcode) === null ? t('form.postcode.leftOut') : null,
    firstWrong: errorList[0]?.field ?? null,
    likelyCountries: likely.map(choose),
    // Listed once as selected: a likely country must not be chosen twice.
    countries: listCountries(language).map(({ code, name }) => ({
      code,
      name,
      selected: code === values.country && !likely.includes(code),
    })),
    display: {
      hidden: display === 'hidden',
      initials: display === 'initials',
      name: display === 'name',
    },
    namesReviewed: options.namesReviewed,
    offersUpdates: options.offersUpdates,
    updates: values.updates === 'yes',
    consent: values.consent === 'yes',
    ref: values.ref,
    source: values.source,
    textVersion: options.textVersion,
    commentLimit: COMMENT_MAX,
    retentionDays: RETENTION_DAYS,
    privacyHref: options.privacyHref,
  }
}

/** Nothing of it was typed or chosen: whoever sends it has nothing to lose. */
export function isUntouched({
  ref,
  source,
  textVersion,
  asked,
  ...typed
}: SignFormValues): boolean {
  const empty = emptyValues({ ref, source })
  return Object.entries(typed).every(([field, value]) => value === empty[field as SignField])
}

/** What the page asks about, and what it has asked about before: each is asked once. */
function nowAsked(values: SignFormValues, problems: FieldProblems): string {
  const before = values.asked.split(' ')
  const questions = [problems.email === 'slip' && values.email, problems.comment && values.comment]
  const digests = [values.email, values.comment].flatMap((value) => {
    const digest = digestOf(value)
    return questions.includes(value) || before.includes(digest) ? [digest] : []
  })
  return digests.join(' ')
}

/** A form that nobody has touched, with the attribution of the address it was opened at. */
export function emptyValues(attribution: { ref: string; source: string }): SignFormValues {
  return {
    name: '',
    email: '',
    country: '',
    postcode: '',
    comment: '',
    display: 'hidden',
    updates: '',
    consent: '',
    textVersion: '',
    asked: '',
    ...attribution,
  }
}
