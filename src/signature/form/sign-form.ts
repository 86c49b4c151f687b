import { createHash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { cleanAddress, findAddressProblem } from '../../platform/address/check-address.ts'
import { type EmailAddress, parseEmail } from '../../platform/address/email-address.ts'
import { suggestAddress } from '../../platform/address/suggest-address.ts'
import { isCountry } from '../../platform/i18n/countries.ts'
import { needsSmtpUtf8 } from '../../platform/mail/mail-settings.ts'
import { formText } from '../../platform/web/form-text.ts'
import type { Display } from '../../sealing/record/sealed-record.ts'
import { CODE_PATTERN } from '../../sharing/share-code.ts'
import { findNoName } from './find-no-name.ts'
import {
  cleanLine,
  cleanParagraphs,
  findFault,
  hasLink,
  readPostcode,
  type TextFault,
} from './person-text.ts'

const NAME_MAX = 100
const EMAIL_MAX = 254
/** In code points. */
export const COMMENT_MAX = 500

/** Lengths in code points. Patterns that need a program's eye follow in `rules`. */
const SignFormSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: NAME_MAX }),
  email: Type.String({ minLength: 1, maxLength: EMAIL_MAX }),
  country: Type.String({ minLength: 1 }),
  postcode: Type.String(),
  comment: Type.String({ maxLength: COMMENT_MAX }),
  display: Type.Union([Type.Literal('hidden'), Type.Literal('initials'), Type.Literal('name')]),
  updates: Type.Union([Type.Literal('yes'), Type.Literal('')]),
  consent: Type.Literal('yes'),
})

const schema = Compile(SignFormSchema)

type SignFormField = keyof Static<typeof SignFormSchema>
export const SIGN_FORM_FIELDS = Object.keys(SignFormSchema.properties) as SignFormField[]
/** What becomes of a form, for /metrics. */
export const FORM_OUTCOMES = [
  'accepted',
  'incomplete',
  'trapped',
  'not_open',
  'closed',
  'unavailable',
] as const
/** `errors.<field>.<problem>` is its message. */
type FieldProblem =
  | 'missing'
  | 'tooLong'
  | TextFault
  | 'letters'
  | 'address'
  | 'letter'
  | 'slip'
  | 'link'
  | 'invalid'
  | 'ascii'
export type FieldProblems = Partial<Record<SignFormField, FieldProblem>>

/** All fields as posted, cleaned, to be shown again. */
export type SignFormValues = Record<SignFormField, string> & {
  ref: string
  source: string
  textVersion: string
  /** Digests of the texts that the page has asked about: the same text again is the answer, and is not asked about twice. */
  asked: string
}

export interface SignInput {
  name: string
  email: EmailAddress
  country: string
  postcode: string
  comment: string
  display: Display
  updates: boolean
  /** Null when absent or malformed: attribution never costs a signature. */
  ref: string | null
  source: string | null
  /** Version of the text that the signer saw; null when the page didn't say. */
  textVersion: number | null
  /** The mirror that was signed at; absent for PUBLIC_URL. */
  mirror?: string
}

/** Optional fields that brought nothing usable: they never cost a signature. */
export const LEFT_OUT = ['postcode', 'comment'] as const
export type LeftOut = (typeof LEFT_OUT)[number]

type ParsedSignForm =
  | { ok: true; input: SignInput; values: SignFormValues; leftOut: LeftOut[] }
  | { ok: false; problems: FieldProblems; values: SignFormValues }

/**
 * Reads an untrusted form. Never throws, whatever the body holds.
 * @param asciiOnly whether the mail server takes no other letters before the "@": a mail would wait for ever
 */
export function parseSignForm(body: unknown, { asciiOnly = false } = {}): ParsedSignForm {
  const values = readValues(body)
  const problems: FieldProblems = {}
  for (const error of schema.Errors(values)) {
    const field = error.instancePath.slice(1) as SignFormField
    // The schema's first word on a field wins: "missing" before "too short".
    problems[field] ??= problemOf(error.keyword, values[field])
  }
  for (const [field, rule] of Object.entries(rules) as [SignFormField, Rule][]) {
    const problem = problems[field] ? null : rule(values[field])
    if (problem) problems[field] = problem
  }
  const email = parseEmail(values.email)
  if (email && asciiOnly && needsSmtpUtf8(email.typed)) problems.email ??= 'ascii'
  const asked = new Set(values.asked.split(' '))
  if (!problems.email && suggestAddress(values.email) && !asked.has(digestOf(values.email))) {
    problems.email = 'slip'
  }
  const leftOut: LeftOut[] = []
  if (readPostcode(values.postcode) === null) leftOut.push('postcode')
  if (problems.comment && asked.has(digestOf(values.comment))) {
    delete problems.comment
    leftOut.push('comment')
  }
  if (Object.keys(problems).length > 0 || !email) return { ok: false, problems, values }
  return { ok: true, values, input: toInput(values, email, leftOut), leftOut }
}

/**
 * The typed fields without the choices: another site's page can tick a box and answer a question before anybody
 * has read it.
 */
export function withoutChoices(values: SignFormValues): SignFormValues {
  return { ...values, display: 'hidden', updates: '', consent: '', asked: '', textVersion: '' }
}

type Rule = (value: string) => FieldProblem | null

const rules: Partial<Record<SignFormField, Rule>> = {
  name: (name) => findFault(name) ?? (hasLink(name) ? 'link' : findNoName(name)),
  email: findAddressProblem,
  country: (country) => (isCountry(country) ? null : 'invalid'),
  // A link or an address in it is held for a moderator: see moderation/hold.ts.
  comment: findFault,
}

function problemOf(keyword: string, value: string): FieldProblem {
  if (value === '') return 'missing'
  return keyword === 'maxLength' ? 'tooLong' : 'invalid'
}

function readValues(body: unknown): SignFormValues {
  const text = formText(body)
  return {
    name: cleanLine(text('name')),
    // The button with a suggestion brings it along.
    email: cleanAddress(text('address') || text('email')),
    country: text('country').trim().toUpperCase(),
    postcode: cleanLine(text('postcode')),
    comment: cleanParagraphs(text('comment')),
    // Without a choice the name stays hidden.
    display: text('display') || 'hidden',
    // A checkbox says yes or nothing.
    updates: text('updates') === 'yes' ? 'yes' : '',
    consent: text('consent') === 'yes' ? 'yes' : '',
    ref: text('ref'),
    source: text('source'),
    textVersion: text('textVersion'),
    asked: text('asked'),
  }
}

function toInput(values: SignFormValues, email: EmailAddress, leftOut: LeftOut[]): SignInput {
  return {
    name: values.name,
    email,
    country: values.country,
    postcode: readPostcode(values.postcode) ?? '',
    comment: leftOut.includes('comment') ? '' : values.comment,
    display: values.display as Display,
    updates: values.updates === 'yes',
    ref: CODE_PATTERN.test(values.ref) ? values.ref : null,
    source: CODE_PATTERN.test(values.source) ? values.source : null,
    textVersion: /^\d{1,6}$/.test(values.textVersion) ? Number(values.textVersion) : null,
  }
}

const DIGEST_LENGTH = 16

/** Stands for a typed text in the field of the page that asks about it: short, whatever was typed. */
export const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, DIGEST_LENGTH)
