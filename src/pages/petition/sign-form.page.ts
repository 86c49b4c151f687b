import type { PetitionSettings } from '../../petition/files/petition-files.ts'
import { privacyPath } from '../../petition/paths.ts'
import { offersUpdates, reviewsNames } from '../../petition/petition.ts'
import { findForeignLetter } from '../../platform/address/find-foreign-letter.ts'
import { suggestAddress } from '../../platform/address/suggest-address.ts'
import { countryName, likelyCountries, listCountries } from '../../platform/i18n/countries.ts'
import { type Translate, translator } from '../../platform/i18n/translate.ts'
import { lostCharacter, readPostcode } from '../../signature/form/person-text.ts'
import {
  COMMENT_MAX,
  digestOf,
  type FieldProblems,
  type SignFormValues,
} from '../../signature/form/sign-form.ts'
import { RETENTION_DAYS } from '../../signature/remind-or-erase.ts'
import { MOST_A_WEEK } from '../../subscriber/most-a-week.ts'

/** A field's name as posted; also the suffix of its element id (`field-<name>`). */
type SignField =
  | 'name'
  | 'email'
  | 'country'
  | 'postcode'
  | 'comment'
  | 'display'
  | 'updates'
  | 'consent'

export interface SignForm {
  action: string
  /** Values as typed; empty strings at first. Checkboxes and radios come as booleans below. */
  values: { name: string; email: string; postcode: string; comment: string }
  /** Messages in the page's language, only for fields that have one. */
  errors: Partial<Record<SignField, string>>
  /** The same messages in the form's order, for the summary, and those of no field; empty when there is none. */
  errorList: { field: SignField | null; message: string }[]
  /** It fell into the trap for robots: a browser that fills it in may do so again, so the page sends it no more. */
  trapped: boolean
  /** The address that was probably meant, while the page asks. */
  suggestion: string | null
  /** Digests of the values that the page has asked about; posted again. */
  asked: string
  /** Null where the petition asks for none. `help` says why it asks, or that what was typed is left out. */
  postcode: { help: string | null } | null
  /** The disclosure with the comment stands open, since something is in it. */
  commentOpen: boolean
  /** The field with `autofocus`, which one element of a document may have. */
  firstWrong: SignField | null
  /** The reader's likely country stands first, then a separator, then all by name. */
  countries: { code: string; name: string; selected: boolean }[]
  likelyCountries: { code: string; name: string; selected: boolean }[]
  display: { hidden: boolean; initials: boolean; name: boolean }
  /** Initials and names wait until the organisers show them. */
  namesReviewed: boolean
  /** False: the petition keeps no list for updates, and the form doesn't ask. */
  offersUpdates: boolean
  updates: boolean
  /** By whom, and how often. */
  updatesHelp: string
  consent: boolean
  /** Carried unseen so that a signature is credited without a cookie; empty when absent. */
  ref: string
  source: string
  /** The version of the text that this page shows and the signer therefore signs. */
  textVersion: number
  /** Longest comment in characters, for the counter under the field. */
  commentLimit: number
  /** Days after which unconfirmed details are erased. */
  retentionDays: number
  /** The page on privacy. */
  privacyHref: string
}

/** The order in which the page shows its fields, so that the summary reads downwards. */
const FIELDS: SignField[] = [
  'name',
  'email',
  'country',
  'postcode',
  'display',
  'comment',
  'updates',
  'consent',
]

/** What the form takes of a petition. */
interface FormPetition {
  slug: string
  settings: Pick<PetitionSettings, 'postcode' | 'updates' | 'names'>
}

interface TypedForm {
  language: string
  action: string
  /** Of the text that it signs. */
  textVersion: number
  values: SignFormValues
  problems: FieldProblems
  /** Shown again because it fell into the trap for robots. */
  trapped: boolean
}

/** The form as typed so far; nothing is ever cleared. */
export function viewSignForm(
  petition: FormPetition,
  { language, action, textVersion, values, problems, trapped }: TypedForm,
): SignForm {
  const t = translator(language)
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
  const trap = trapped ? [{ field: null, message: t('form.trapped') }] : []
  const choose = (code: string) => ({
    code,
    name: countryName(code, language),
    selected: code === values.country,
  })
  const likely = likelyCountries(language)
  const display = ['initials', 'name'].includes(values.display) ? values.display : 'hidden'
  return {
    action,
    values,
    errors: Object.fromEntries(errorList.map(({ field, message }) => [field, message])),
    errorList: [...errorList, ...trap],
    trapped,
    suggestion,
    asked: nowAsked(values, problems),
    postcode: viewPostcode(petition.settings.postcode?.[language] ?? null, values, t),
    commentOpen: values.comment !== '' || problems.comment !== undefined,
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
    namesReviewed: reviewsNames(petition),
    offersUpdates: offersUpdates(petition),
    updates: values.updates === 'yes',
    updatesHelp: t('form.updates.help', { count: MOST_A_WEEK }),
    consent: values.consent === 'yes',
    ref: values.ref,
    source: values.source,
    textVersion,
    commentLimit: COMMENT_MAX,
    retentionDays: RETENTION_DAYS,
    privacyHref: privacyPath(petition.slug)(language),
  }
}

/**
 * One that came with an older form, or from another program, is shown: nothing that was typed is lost unseen.
 *
 * @param reason why the petition asks for it; null where it doesn't
 */
function viewPostcode(
  reason: string | null,
  { postcode }: SignFormValues,
  t: Translate,
): SignForm['postcode'] {
  if (readPostcode(postcode) === null) return { help: t('form.postcode.leftOut') }
  return reason === null && postcode === '' ? null : { help: reason }
}

/** Nothing was typed or chosen: the reader has nothing to lose. */
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

/** Values that the page asks about now or has asked about before: each is asked about once. */
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
