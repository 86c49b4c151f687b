import type { Page } from '../../platform/web/page.ts'

/** A field's name as posted; also the suffix of its element id (`field-<name>`). */
export type SignField =
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
  /** The same messages in the form's order, for the summary, and what belongs to no field; empty when there is none. */
  errorList: { field: SignField | null; message: string }[]
  /** Fell into the trap: what fills it in may do so again, so the page sends it no more. */
  trapped: boolean
  /** The address that was probably meant, while the page asks. */
  suggestion: string | null
  /** Digests of what the page has asked about; posted again. */
  asked: string
  /** Says that what was typed for a postcode is left out. */
  postcodeHint: string | null
  /** Where the cursor begins: one element of a document may have `autofocus`. */
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
  /** The page that says what is kept. */
  privacyHref: string
}

export interface CountView {
  counted: number
  /** What is shown stays at or above this; 0 for everyone but a reader who has just confirmed. */
  least: number
  /** True before the first signature that is shown: the page says "Be the first". */
  none: boolean
  /** There may be signatures that are not shown yet: the page then says "Be among the first". */
  guarded: boolean
  countedText: string
  goal: number
  goalText: string
  /** What the public log says of it; null before its first checkpoint, and while it says nothing; `arrived` is 0 when nothing waits. */
  log: { certified: number; arrived: number } | null
  /** JSON address that the browser script polls for `signatures.counted`. */
  url: string
}

export interface PetitionPage extends Page {
  slug: string
  href: string
  slogan: string
  summary: string
  /** For example that this is a demonstration of a historical call. */
  notice: string | null
  ask: { who: string; whom: string; what: string }
  demands: string[]
  bodyHtml: string
  /** Numbered from 1; `notes` are the sources that the fact cites. */
  facts: { number: number; html: string; notes: { number: number }[] }[]
  /** `citedBy`: numbers of the facts that cite it, for the links back from the footnote. */
  sources: {
    number: number
    title: string
    publisher: string
    url: string
    date: string
    citedBy: number[]
  }[]
  organisers: { name: string; url: string | null }[]
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
  /** Set on an older version's page: says so and links to the current text; no form then. */
  oldVersion: { number: number; published: string; current: string } | null
  /** A language in which it is no longer offered, whose link led here, and its last text. */
  dropped: { language: string; name: string; href: string } | null
  form: SignForm | null
  withdrawHref: string
  privacyHref: string
  /** The page that says how the count can be checked. */
  verifyHref: string
}

/** GET /:lang/ : the open petitions, and those that closed. */
export interface HomePage extends Page {
  petitions: HomeEntry[]
  closed: (HomeEntry & { closedOn: string })[]
}

interface HomeEntry {
  href: string
  title: string
  slogan: string
  summary: string
  count: CountView
}
