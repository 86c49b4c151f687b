import type pg from 'pg'
import { deriveKeyring } from '../../../src/platform/keyring.ts'
import { readToken } from '../../../src/platform/link-token.ts'
import { PETITION } from '../petition.ts'
import type { Findings } from '../report.ts'
import { untilHolds } from '../wait.ts'

/** A site with its database and the mails that it sent. */
interface Site {
  origin: string
  secretKey: Buffer
  sql: Pick<pg.Pool, 'query'>
  mail: { links: ReadonlyMap<string, string>; taken: readonly string[] }
}

/** Addresses whose form was answered as taken, and whose confirmation was answered as done. */
interface Signers {
  signed: ReadonlySet<string>
  confirmed: ReadonlySet<string>
}

/** Sealing, counting and two batches of the log. */
const SETTLED_WITHIN_MS = 30_000

interface Shown {
  signatures: { counted: number; confirmed: number }
  log: { certified: number; size: number } | null
}

/** Everything that was acknowledged is there, once, from the row to its seal. */
export async function checkSignatures(
  site: Site,
  signers: Signers,
  report: Findings,
): Promise<void> {
  const ids = checkMails(site, signers, report)
  const confirmed = [...signers.confirmed].map((address) => ids.get(address)!)
  await checkRows(site, [...ids.values()], confirmed, report)
  const settled = await untilHolds(SETTLED_WITHIN_MS, async () => {
    const { signatures, log } = await readShown(site)
    return signatures.counted >= confirmed.length && log?.certified === signatures.counted
  })
  const total = await count(site, "signature where state = 'confirmed'")
  const { signatures, log } = await readShown(site)
  report.check(
    'the count is exactly the confirmed signatures, and all are certified',
    settled !== null && signatures.counted === total && log?.certified === total,
    `${signatures.counted} counted and ${log?.certified} certified of ${total} confirmed, ${((settled ?? SETTLED_WITHIN_MS) / 1000).toFixed(1)} s after the load`,
  )
  await checkSealed(site, total, report)
}

/** @returns the id of each address's submission, from the link in its mail */
function checkMails(site: Site, signers: Signers, report: Findings): Map<string, string> {
  const keyring = deriveKeyring(site.secretKey)
  const ids = new Map<string, string>()
  for (const [address, path] of site.mail.links) {
    const link = readToken(keyring, 'confirm', path.split('/').at(-1)!)
    if (link) ids.set(address, link.id)
  }
  const unmailed = [...signers.signed].filter((address) => !ids.has(address))
  report.check(
    'every form that was taken got its mail',
    unmailed.length === 0 && signers.signed.size > 0,
    `${signers.signed.size} forms, ${unmailed.length} without a mail, ${site.mail.taken.length - site.mail.links.size} mails sent twice`,
  )
  return ids
}

async function checkRows(
  site: Site,
  mailed: string[],
  confirmed: string[],
  report: Findings,
): Promise<void> {
  const { rows } = await site.sql.query<{ rows: string; confirmed: string }>(
    `select (select count(*) from signature s full join submission b using (id)
              where id = any ($1::uuid[])) as rows,
            (select count(*) from signature
              where id = any ($2::uuid[]) and state = 'confirmed') as confirmed`,
    [mailed, confirmed],
  )
  report.check(
    'every form that was taken has a row of its own',
    Number(rows[0]!.rows) === mailed.length && new Set(mailed).size === mailed.length,
    `${rows[0]!.rows} rows for ${mailed.length} addresses`,
  )
  report.check(
    'every confirmation that was acknowledged is one',
    Number(rows[0]!.confirmed) === confirmed.length,
    `${rows[0]!.confirmed} of ${confirmed.length}`,
  )
}

async function checkSealed(site: Site, confirmed: number, report: Findings): Promise<void> {
  const sealed = await count(site, 'sealed_record')
  const readable = await count(site, 'submission where confirmed')
  const waiting =
    (await count(site, 'sealing_queue')) +
    (await count(site, 'log_queue')) +
    (await count(site, 'tally_queue'))
  report.check(
    'every confirmed signature is sealed, and nothing waits',
    sealed === confirmed && readable === 0 && waiting === 0,
    `${sealed} sealed, ${readable} still readable, ${waiting} in queues`,
  )
}

async function count(site: Site, from: string): Promise<number> {
  const { rows } = await site.sql.query<{ count: string }>(`select count(*) from ${from}`)
  return Number(rows[0]!.count)
}

async function readShown({ origin }: Site): Promise<Shown> {
  return (await (await fetch(`${origin}${PETITION.api}`)).json()) as Shown
}
