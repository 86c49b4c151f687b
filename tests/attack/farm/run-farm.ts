import type { Petition } from '../../../src/petition/petition.ts'
import { HOUR, MINUTE } from '../../../src/platform/clock.ts'
import { idOfBytes } from '../../../src/platform/random-id.ts'
import { parseRule } from '../../../src/scrutiny/rule.ts'
import { DEMO, getDemo } from '../../support/demo.ts'
import type { Harness } from '../../support/harness.ts'
import { linkIn } from '../../support/mail-server.ts'
import { form, pathOf, post } from '../../support/signer.ts'
import { agreed, TESTER } from '../../support/tester.ts'
import type { Signer } from './people.ts'

/** What became of forms. */
export interface Ends {
  forms: number
  /** Answered otherwise than an honest form is. */
  refused: number
  /** Their mail had not come when they looked for it. */
  late: number
  /** Signatures, one a mailbox. */
  confirmed: number
  /** Confirmed and counted at the end. */
  counted: number
  /** Voided by rule. */
  voided: number
}

export interface FarmResult {
  honest: Ends
  bots: Ends
  alerts: number
  quarantines: number
}

/** Hours between two batches of the log, to save time. */
const LOGGED_EVERY = 6
/** The share of a group that has to look alike in one more way before somebody takes it out of the count. */
const LEAST_ALIKE = 0.6

/**
 * Plays days of a campaign in minutes: real forms over HTTP, real mails, real presses of Confirm, on a clock that the
 * story moves. Once an hour the anomaly job runs, and somebody acts on its alerts as docs/operating.md advises, knowing
 * nothing but what the commands show.
 */
export async function playFarm(
  harness: Harness,
  signers: Signer[],
  { step, tell = () => {} }: { step: number; tell?: (line: string) => void },
): Promise<FarmResult> {
  const petition = await getDemo(harness)
  const { site, clock } = harness
  const result: FarmResult = { honest: none(), bots: none(), alerts: 0, quarantines: 0 }
  const endsOf = ({ isBot }: Signer) => (isBot ? result.bots : result.honest)
  const waiting: { at: number; signer: Signer; isLate: boolean }[] = []
  const forms = [...signers].sort((a, b) => a.at - b.at)
  const begin = clock.now().getTime()
  const now = () => clock.now().getTime() - begin
  const bots = new Set(signers.flatMap(({ isBot, fields }) => (isBot ? [fields.email] : [])))
  const botIds = new Set<string>()
  const end = forms.at(-1)!.at + 26 * HOUR
  let hour = 0
  let next = 0
  let read = 0
  const links = new Map<string, string>()

  async function sendForms(until: number): Promise<void> {
    while (next < forms.length && forms[next]!.at < until) {
      const signer = forms[next++]!
      clock.move(Math.max(0, signer.at - now()))
      const path = `/${signer.language}/p/${DEMO}/signatures`
      const answer = await post(harness, path, form(signer.fields), signer.headers)
      const ends = endsOf(signer)
      ends.forms++
      if (answer.status !== 303) ends.refused++
      if (signer.delay !== null) {
        waiting.push({ at: signer.at + signer.delay, signer, isLate: false })
      }
    }
  }

  async function confirmDue(until: number): Promise<void> {
    for (; read < harness.mail.mails.length; read++) {
      const mail = harness.mail.mails[read]!
      const to = [mail.to].flat()[0]!.text
      const link = pathOf(linkIn(mail, 'confirm'))
      links.set(to, link)
      if (bots.has(to)) botIds.add(idIn(link))
    }
    waiting.sort((a, b) => b.at - a.at)
    const later: typeof waiting = []
    while (waiting.length > 0 && waiting.at(-1)!.at < until) {
      const due = waiting.pop()!
      const link = links.get(due.signer.fields.email)
      if (link) await post(harness, link, { decision: 'confirm' })
      else {
        if (!due.isLate) endsOf(due.signer).late++
        later.push({ ...due, at: until, isLate: true })
      }
    }
    waiting.push(...later)
  }

  while (now() < end) {
    const until = Math.min(end, now() + step)
    await sendForms(until)
    clock.move(Math.max(0, until - now()))
    await site.intakeGuard.readDay()
    await site.signatures.releaseHeld()
    // A mail that waits some seconds for its domain's turn would wait for the story's next step.
    for (let turn = 0; turn < 2; turn++) {
      await harness.makeJobsDue()
      await harness.work()
    }
    await confirmDue(now())
    await site.scrutiny.keepQuarantines()
    if (Math.floor(now() / HOUR) > hour) {
      hour = Math.floor(now() / HOUR)
      clock.move(5 * MINUTE)
      if (hour % LOGGED_EVERY === 0) await harness.sequence()
      const opened = await site.scrutiny.lookForAnomalies()
      result.alerts += opened.length
      for (const { trait, value, figures } of opened) {
        tell(`${Math.round(now() / HOUR)} h: ${trait}=${value} ${figures.seen} of ${figures.forms}, ${figures.expected} expected`) // biome-ignore format: one line
      }
      result.quarantines += await actOnAlerts(harness, petition)
    }
    if (next === forms.length && waiting.length === 0 && now() > forms.at(-1)!.at + 3 * HOUR) break
  }
  for (const { id, endedAt } of await site.scrutiny.list(petition)) {
    if (!endedAt) await site.scrutiny.planVoid(petition, id, TESTER, agreed)
  }
  clock.move(2 * HOUR)
  await site.scrutiny.keepQuarantines()
  await harness.tally()
  await harness.sequence()
  await readEnds(harness, petition, botIds, result)
  return result
}

/**
 * As somebody does it who reads the alerts: groups of one domain or network are taken out where most of a sample have
 * something in common that is rare in the whole campaign.
 */
async function actOnAlerts({ site }: Harness, petition: Petition): Promise<number> {
  let started = 0
  const done = new Set(
    (await site.scrutiny.list(petition)).flatMap(({ rule }) => [
      ...(rule.traits.domain ?? []),
      ...(rule.traits.network ?? []),
    ]),
  )
  for (const { trait, figures } of await site.scrutiny.listAlerts(petition, { open: true })) {
    const groups = (figures.largest ?? []).filter(({ value }) => !done.has(value))
    const suspicious: string[] = []
    for (const { value } of groups) {
      const sample = await site.scrutiny.sample(petition, parseRule([`${trait}=${value}`]), 40)
      const alike = Math.max(
        shareOf(sample, ({ client }) => client),
        shareOf(sample, ({ again }) => String(again)) * Number(sample.some(({ again }) => again)),
      )
      if (sample.length >= 5 && alike >= LEAST_ALIKE) suspicious.push(value)
      done.add(value)
    }
    if (suspicious.length === 0) continue
    const rule = parseRule([`${trait}=${suspicious.join(',')}`])
    await site.scrutiny.start(petition, {
      rule,
      reason: 'bot',
      isStanding: true,
      by: TESTER,
      agree: agreed,
    })
    started++
  }
  return started
}

function shareOf<T>(sample: T[], of: (one: T) => string): number {
  const counts = new Map<string, number>()
  for (const each of sample) counts.set(of(each), (counts.get(of(each)) ?? 0) + 1)
  return Math.max(0, ...counts.values()) / sample.length
}

async function readEnds(
  { connection }: Harness,
  petition: Petition,
  botIds: ReadonlySet<string>,
  result: FarmResult,
): Promise<void> {
  const rows = await connection.db
    .selectFrom('signature')
    .select(['id', 'state'])
    .where('petition_id', '=', petition.id)
    .execute()
  for (const { id, state } of rows) {
    const ends = botIds.has(id) ? result.bots : result.honest
    ends.confirmed++
    if (state === 'confirmed') ends.counted++
    if (state === 'voided') ends.voided++
  }
}

/** A mailed link begins with the id of its submission. */
const idIn = (link: string) =>
  idOfBytes(Buffer.from(link.split('/').at(-1)!, 'base64url').subarray(0, 16))

const none = (): Ends => ({ forms: 0, refused: 0, late: 0, confirmed: 0, counted: 0, voided: 0 })
