import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { ModerationState } from '../signature.table.ts'
import { isNotQuarantined } from '../store/quarantined.ts'
import { type Moderated, readText, type ShownText } from '../store/shown.ts'

export interface Queued {
  moderated: Moderated
  id: string
  state: ModerationState
  /** One of WAITS, or of a hidden one the reason. */
  why: string | null
  reports: number
  /** The reason that the last report gave. */
  reported: string | null
  /** Of the decision that can be undone. */
  decision: number | null
  country: string
  text: string
}

export interface QueueChoice {
  /** `waiting`: to be decided on, with those that were reported and are shown. `refused`: hidden ones. */
  list: 'waiting' | 'refused'
  why?: string
  only?: Moderated
  /** Those of signatures that were confirmed until then. */
  until?: Date
  limit: number
}

interface Row extends ShownText {
  id: string
  state: ModerationState
  why: string | null
  reports: number
  reported: string | null
  decision: number | null
  country: string
  at: Date
}

/** Names and comments in one queue: reported ones first, then the oldest. Those in quarantine are left to it. */
export async function listQueue(
  db: Db,
  keyring: Keyring,
  petitionId: number,
  choice: QueueChoice,
): Promise<Queued[]> {
  const tables = (['public_name', 'comment'] as const).filter(
    (each) => !choice.only || choice.only === each,
  )
  const all: (Row & { moderated: Moderated })[] = []
  for (const moderated of tables) {
    for (const row of await readQueue(db, moderated, petitionId, choice))
      all.push({ ...row, moderated })
  }
  all.sort((a, b) => b.reports - a.reports || a.at.getTime() - b.at.getTime())
  return all.slice(0, choice.limit).map(({ at: _, name, hidden, comment, ...row }) => ({
    ...row,
    text: readText(keyring, { name, hidden, comment })!,
  }))
}

async function readQueue(
  db: Db,
  moderated: Moderated,
  petitionId: number,
  { list, why, until, limit }: QueueChoice,
): Promise<Row[]> {
  const isName = moderated === 'public_name'
  const ownText = isName
    ? sql`m.name, m.hidden, null::bytea as comment`
    : sql`null::text as name, null::bytea as hidden, m.text as comment`
  const listed =
    list === 'waiting' ? sql`(m.state = 'waiting' or m.reports > 0)` : sql`m.state = 'refused'`
  const named = why === 'report' ? sql`m.reports > 0` : sql`m.why = ${why ?? ''}`
  const { rows } = await sql<Row>`
    select m.signature_id as id, m.state, m.why, m.reports, m.reported, m.decision, m.country,
           m.confirmed_at as at, ${ownText}
      from ${sql.table(moderated)} m
     where m.petition_id = ${petitionId} and ${listed}
       and ${why ? named : sql`true`}
       and ${isName ? sql`(m.name is not null or m.hidden is not null)` : sql`true`}
       and (${until ?? null}::timestamptz is null or m.confirmed_at <= ${until ?? null})
       and ${isNotQuarantined('m')}
     order by m.reports desc, m.confirmed_at, m.signature_id limit ${limit}`.execute(db)
  return rows
}
