import { parseCheckpoint } from '../../../src/log/core/note/checkpoint.ts'
import { parseNote } from '../../../src/log/core/note/note.ts'
import { deriveKeyring } from '../../../src/platform/keyring.ts'
import { readToken } from '../../../src/platform/link-token.ts'
import { checkLog } from '../../scale/checks/check-log.ts'
import { checkSignatures } from '../../scale/checks/check-signatures.ts'
import { type Findings, tellFirst } from '../../scale/report.ts'
import type { Crowd } from '../load/crowd.ts'
import type { Site } from '../site/open-site.ts'
import type { Allowance } from '../trial.ts'
import { judgeAnswers } from './judge-answers.ts'

export interface Figures {
  /** Forms and confirmations that were acknowledged. */
  inputs: number
  /** Of these, how many are nowhere; and forms without a mail. */
  lost: number
  /** Mails beyond the first of a form. */
  doubled: number
  /** How often each status was answered that is an error; 0 stands for no answer. */
  errors: Map<number, number>
}

/** What a trial may expect. */
export interface Terms {
  allows: Allowance
  isReachable: (address: string) => boolean
  isShort: boolean
}

/**
 * What every trial promises: all that was acknowledged is there, once, from its row to the log; every form got its
 * mail; the log did not fork; no process ended by itself.
 *
 * @param crowds all that ever came to this site, the one to judge last
 */
export async function judge(
  site: Site,
  crowds: Crowd[],
  terms: Terms,
  report: Findings,
): Promise<Figures> {
  const { allows, isReachable } = terms
  const crowd = crowds.at(-1)!
  const all = (of: (crowd: Crowd) => Set<string>) =>
    new Set(crowds.flatMap((each) => [...of(each)]))
  const signed = new Set([...all((each) => each.signed)].filter(isReachable))
  const confirmed = all((each) => each.confirmed)
  // The checks of the scale test look at everything, and wait until it is counted, sealed and logged.
  await checkSignatures(site, { signed, confirmed }, report)
  const earlier = [...site.checkpoints].map((note) =>
    parseCheckpoint(parseNote(Buffer.from(note)).text),
  )
  await checkLog(site, report, earlier).catch((error: Error) =>
    report.check(
      'the log verifies, and extends each checkpoint that was seen',
      false,
      error.message,
    ),
  )
  await checkRows(site, crowds, signed.size, terms, report)
  report.check(
    'everyone who pressed Confirm got an answer in the end',
    crowd.confirming.size === 0,
    `${crowd.confirming.size} of ${crowd.confirmed.size + crowd.confirming.size} did not`,
  )
  report.check(
    'the count never went back',
    crowd.wentBack.length === 0,
    `${crowd.wentBack.length} times${tellFirst(crowd.wentBack)}`,
  )
  for (const { name, deaths, part } of site.nodes) {
    report.check(
      'no process ended by itself',
      deaths.length === 0 && part.alive(),
      `${name} ended ${deaths.length} times${deaths[0] ? `: ${deaths[0]}` : ''}`,
    )
    deaths.splice(0)
  }
  const errors = judgeAnswers(crowd, terms, report)
  const doubled = judgeMails(site, crowd, allows, report)
  const lost = await countLost(site, crowd, isReachable)
  report.check('nothing acknowledged is lost', lost === 0, `${lost} lost`)
  return { inputs: crowd.signed.size + crowd.confirmed.size, lost, doubled, errors }
}

/** A form that nobody acknowledged may have been recorded, or not; none is there twice. */
async function checkRows(
  site: Site,
  crowds: Crowd[],
  signed: number,
  { allows, isReachable }: Terms,
  report: Findings,
): Promise<void> {
  const found = await countRows(site, 'signature full join submission using (id)')
  const { size } = site.mail.links
  const unmailable = countUnmailable(crowds, isReachable)
  report.check(
    'no form is recorded twice, and each that is got its mail',
    found >= Math.max(signed, size) && (allows.othersForms || found <= size + unmailable),
    `${found} rows, ${size} addresses with a mail, ${unmailable} that get none`,
  )
  const confirmed = await countRows(site, "signature where state = 'confirmed'")
  const most = crowds.reduce((sum, each) => sum + each.confirmed.size + each.confirming.size, 0)
  report.check(
    'no confirmation counts twice',
    confirmed <= most,
    `${confirmed} signatures of ${most} who pressed Confirm`,
  )
}

/** How many of the recorded forms, acknowledged or not, can be mailed and have no mail yet. */
export async function countUnmailed(
  site: Site,
  crowds: Crowd[],
  isReachable: (address: string) => boolean,
): Promise<number> {
  const found = await countRows(site, 'signature full join submission using (id)')
  return found - site.mail.links.size - countUnmailable(crowds, isReachable)
}

async function countRows({ sql }: Site, from: string): Promise<number> {
  const { rows } = await sql.query<{ count: string }>(`select count(*) from ${from}`)
  return Number(rows[0]!.count)
}

const countUnmailable = (crowds: Crowd[], isReachable: (address: string) => boolean) =>
  crowds.flatMap(({ signed, unknown }) =>
    [...signed, ...unknown].filter((each) => !isReachable(each)),
  ).length

function judgeMails(site: Site, crowd: Crowd, allows: Allowance, report: Findings): number {
  const counts = [...crowd.signed, ...crowd.unknown].map(
    (address) => site.mail.mails.get(address) ?? 0,
  )
  const most = counts.reduce((a, b) => Math.max(a, b), 0)
  const doubled = counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0)
  const bound = allows.mailsEach ?? 1
  report.check(
    `no form is mailed more than ${bound === 1 ? 'once' : `${bound} times`}`,
    most <= bound,
    `${doubled} mails doubled, at most ${most} for one form`,
  )
  return doubled
}

async function countLost(
  site: Site,
  crowd: Crowd,
  isReachable: (address: string) => boolean,
): Promise<number> {
  const keyring = deriveKeyring(site.secretKey)
  const { rows } = await site.sql.query<{ id: string; state: string | null }>(
    'select id, s.state from signature s full join submission using (id)',
  )
  const states = new Map(rows.map(({ id, state }) => [id, state]))
  const stateOf = (address: string) => {
    const path = site.mail.links.get(address)
    const token = path && readToken(keyring, 'confirm', path.split('/').at(-1)!)
    return token ? states.get(token.id) : undefined
  }
  const forms = [...crowd.signed].filter((each) => isReachable(each) && stateOf(each) === undefined)
  const confirmations = [...crowd.confirmed].filter((each) => stateOf(each) !== 'confirmed')
  return forms.length + confirmations.length
}
