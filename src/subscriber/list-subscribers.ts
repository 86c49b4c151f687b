import type { Db } from '../database.ts'
import { currentText, type Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { makeToken } from '../platform/link-token.ts'
import { BEFORE_EVERY_ID } from '../platform/random-id.ts'
import type { Cell } from '../platform/table/cell.ts'
import type { Table } from '../platform/table/xlsx.ts'
import { listPage, type Subscriber } from './store.ts'
import { decryptSubscriber } from './subscriber-secrets.ts'

const PAGE = 1000

const COLUMNS = [
  'email',
  'language',
  'petition',
  'unsubscribe_url',
  'consent_version',
  'as_of',
] as const

/**
 * The subscribers of a petition at this moment, in the clear: to be sealed before it is written anywhere.
 * Each with the link that must stand in every mail, and the day of the list: those who leave later are
 * missing only from a newer one. In no order that tells when somebody signed.
 *
 * @param trx sees one moment of the database
 * @param onRows called with how many more are read
 */
export function listSubscribers(
  trx: Db,
  { config, keyring }: { config: { publicUrl: string }; keyring: Keyring },
  petition: Petition,
  { now, onRows }: { now: Date; onRows: (rows: number) => void },
): Table {
  const asOf = { at: now.toISOString().slice(0, 10) }

  function toCells({ id, tag, address, language: wanted, consent_version }: Subscriber): Cell[] {
    const { language } = currentText(petition, wanted)
    const token = makeToken(keyring, 'unsubscribe', { id, address: tag })
    const link = `${config.publicUrl}/${language}/unsubscribe/${token}`
    const email = decryptSubscriber(keyring, address)
    return [email, language, petition.slug, link, consent_version, asOf]
  }

  async function* rows() {
    let after = BEFORE_EVERY_ID
    for (;;) {
      const page = await listPage(trx, petition.id, { after, limit: PAGE })
      if (page.length === 0) return
      onRows(page.length)
      yield page.map(toCells)
      after = page.at(-1)!.id
    }
  }

  return { title: 'Subscribers', columns: COLUMNS, rows: rows() }
}
