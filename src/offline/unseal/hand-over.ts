import type { Cell } from '../../platform/table/cell.ts'
import { neutraliseCell } from '../../platform/table/cell.ts'
import { formatCsvRow } from '../../platform/table/write-table.ts'
import type { Records } from './format-list.ts'
import type { ListedRecord } from './open-records.worker.ts'

export const handOverFormats = ['actionnetwork', 'civicrm', 'mailchimp', 'listmonk'] as const
export type HandOverFormat = (typeof handOverFormats)[number]

export const isHandOver = (format: string): format is HandOverFormat =>
  (handOverFormats as readonly string[]).includes(format)

/** Whom a mailing tool gets, and who was left out. */
export interface HandOver {
  /** Their mailboxes, normalised; null where no list was given. */
  subscribers: ReadonlySet<string> | null
  /** Whether those who are no subscribers are handed over, too. */
  everyone: boolean
  left: { notSubscribed: number; unwritable: number }
}

interface Target {
  columns: readonly string[]
  toCells(record: ListedRecord, petition: string, isSubscriber: boolean): Cell[]
  /** Addresses with letters beyond ASCII before the "@". */
  takesLetters: boolean
}

/** ISO 3166's word for a country that is not known, as of many imported records, is none that these tools know. */
const countryOf = ({ country }: ListedRecord) => (country === 'ZZ' ? '' : country)

/** Empty for an imported record that names no day. */
const dayOf = ({ confirmedAt, signedAt }: ListedRecord) => (confirmedAt || signedAt).slice(0, 10)

/**
 * What each importer reads. All take UTF-8, and none wants a byte order mark: listmonk alone strips one from its first
 * column by design. A name goes whole into one field where there is such a field.
 */
const TARGETS: Readonly<Record<HandOverFormat, Target>> = {
  // help.actionnetwork.org, "File formats for list uploads": headings named like its fields are matched by
  // themselves; other columns become custom fields; only the address is required.
  actionnetwork: {
    columns: [
      ...['email', 'first_name', 'last_name', 'zip_code', 'country', 'language'],
      ...['full_name', 'petition', 'signed_on', 'consent_version'],
    ],
    takesLetters: true,
    toCells: (record, petition) => [
      ...[record.email, ...nameInTwo(record.name), record.postcode, countryOf(record)],
      ...[record.language, record.name, petition, { at: dayOf(record) }],
      record.consentVersion,
    ],
  },
  // docs.civicrm.org/user, "Importing Data into CiviCRM": headings that are a field's title are matched; an individual needs a name
  // or an address; days as yyyy-mm-dd; languages as xx_YY. The external identifier keeps a second import from doubling.
  civicrm: {
    columns: [
      ...['External Identifier', 'First Name', 'Last Name', 'Email', 'Country', 'Postal Code'],
      ...['Preferred Language', 'Contact Source', 'No Bulk Emails (User Opt Out)', 'Note'],
    ],
    takesLetters: true,
    toCells: (record, petition, isSubscriber) => [
      ...[record.id, ...nameInTwo(record.name), record.email, countryOf(record), record.postcode],
      ...[localeOf(record.language), `Petition ${petition}`, isSubscriber ? '0' : '1'],
      `${record.name}; signed ${dayOf(record)}; consent version ${record.consentVersion}`,
    ],
  },
  // mailchimp.com/help/format-guidelines-for-your-import-file: text fields of 255 bytes, days as MM/DD/YYYY or
  // YYYY-MM-DD, letters beyond ASCII only behind the "@"; of names its audiences have a first and a last one.
  mailchimp: {
    columns: [
      ...['Email Address', 'First Name', 'Last Name', 'Country', 'Postal Code', 'Language'],
      ...['Full Name', 'Petition', 'Signed On', 'Consent Version'],
    ],
    takesLetters: false,
    toCells: (record, petition) => [
      ...[record.email, ...nameInTwo(record.name), countryOf(record), record.postcode],
      ...[record.language, record.name, petition, { at: dayOf(record) }, record.consentVersion],
    ],
  },
  // listmonk's internal/subimporter/importer.go: `email`, `name`, `attributes`, in lower case, the last as JSON; a row
  // with fewer cells is skipped, and without a name one is made up of the address.
  listmonk: {
    columns: ['email', 'name', 'attributes'],
    takesLetters: true,
    toCells: (record, petition) => [
      record.email,
      record.name,
      JSON.stringify({
        petition,
        country: countryOf(record),
        postcode: record.postcode,
        language: record.language,
        signed_on: dayOf(record),
        consent_version: record.consentVersion,
      }),
    ],
  },
}

/** A file for a mailing tool, a share at a time. Who must not be written to is not in it. */
export async function* toHandOver(
  format: HandOverFormat,
  records: Records,
  { petition, handOver }: { petition: string; handOver: HandOver },
): AsyncGenerator<string> {
  const { columns, takesLetters, toCells } = TARGETS[format]
  const { subscribers, everyone, left } = handOver
  yield formatCsvRow(columns)
  for await (const share of records) {
    let text = ''
    for (const record of share) {
      const isSubscriber = subscribers?.has(record.normalisedEmail) ?? false
      if (!everyone && !isSubscriber) left.notSubscribed++
      else if (!isWritable(record.email, takesLetters)) left.unwritable++
      else text += formatCsvRow(toCells(record, petition, isSubscriber))
    }
    yield text
  }
}

/** An address that a spreadsheet would run gets an apostrophe, and is then another mailbox's. */
const isWritable = (email: string, takesLetters: boolean) =>
  neutraliseCell(email) === email &&
  (takesLetters || /^\p{ASCII}+$/u.test(email.slice(0, email.lastIndexOf('@'))))

/**
 * For tools that have no field for a whole name: two words are a first and a last one, as these tools' own forms would
 * ask for them; of one word, or of three and more, nobody can tell where to cut, so they stay together in the first.
 */
function nameInTwo(name: string): [first: string, last: string] {
  const words = name.split(' ')
  return words.length === 2 ? [words[0]!, words[1]!] : [name, '']
}

/** `az_AZ`, as CiviCRM names its languages. */
function localeOf(language: string): string {
  const { language: tongue, region } = new Intl.Locale(language).maximize()
  return region ? `${tongue}_${region}` : ''
}
