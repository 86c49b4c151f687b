import { identityToRecipient } from 'age-encryption'
import { AGE_START, openSealed } from '../../../sealing/age/open-sealed.ts'
import { gatherList } from './gather-list.ts'
import type { OpenedList } from './list-state.ts'
import { keyFits, openExport } from './open-export.ts'
import type { Opener } from './opener.ts'
import type { Page } from './page.ts'
import { surveyExport } from './read-batches.ts'
import type { Session } from './session.ts'
import type { ChoiceFault, Chosen } from './view/choose-files.ts'
import { type Step, showRefusal, showWorking } from './view/show-opening.ts'
import { showScreen } from './view/show-screen.ts'
import type { SubscriberList } from './view/show-subscribers.ts'

/** The result: a list, or the faults of the chosen files. */
export type Opening =
  | { list: OpenedList }
  | { subscribers: SubscriberList }
  | { faults: ChoiceFault[] }

/**
 * Reads, checks and opens the chosen file, and asks the reader where it should not go on by itself.
 *
 * @throws EndedError when it is cancelled
 * @throws DOMException when the file can't be read
 */
export async function openChosen(
  page: Page,
  { file, ...chosen }: Chosen,
  session: Session,
): Promise<Opening> {
  const progress = (step: Step, total: number) => (done: number) => {
    session.check()
    showWorking(page, step, done, total)
  }

  showWorking(page, 'reading')
  showScreen('working')
  if (await isSealedList(file)) return openSubscriberList(page, { file, ...chosen }, session)
  const survey = await surveyExport(file, progress('reading', file.size))
  session.check()
  if (!survey) return { faults: [{ at: 'export', fault: 'format' }] }
  const { header, lines } = survey

  const openers = await session.openers()
  if (openers.length === 0) {
    await showRefusal(page, { why: 'unfit' })
    return { faults: [] }
  }
  const key = await unlock(page, chosen, openers[0]!)
  if ('faults' in key) return key

  if (survey.short) {
    const goOn = await showRefusal(page, { why: 'short', announced: header.records, found: lines })
    if (!goOn) return { faults: [] }
    showScreen('working')
  }
  showWorking(page, 'trying')
  if (!(await keyFits(openers, survey, key.identities))) {
    const recipients = await Promise.all(key.identities.map(identityToRecipient))
    if (!(await showRefusal(page, { why: 'wrongKey', recipients, wayOn: true })))
      return { faults: [] }
    showScreen('working')
  }
  showWorking(page, 'opening', 0, lines)
  const { petition, exportedAt, records: announced } = header
  const opened = await openExport(
    openers,
    { file, petition, identities: key.identities },
    progress('opening', lines),
  )
  return { list: { ...gatherList(opened), petition, exportedAt, announced, lines } }
}

/** Sealed whole, so that there is nothing to show of it but the file itself. */
async function openSubscriberList(
  page: Page,
  { file, ...chosen }: Chosen,
  session: Session,
): Promise<Opening> {
  const openers = await session.openers()
  if (openers.length === 0) {
    await showRefusal(page, { why: 'unfit' })
    return { faults: [] }
  }
  const key = await unlock(page, chosen, openers[0]!)
  if ('faults' in key) return key
  showWorking(page, 'trying')
  const clear = await openList(file, key.identities)
  session.check()
  if (clear === 'damaged') return { faults: [{ at: 'export', fault: 'damaged' }] }
  if (!clear) {
    const recipients = await Promise.all(key.identities.map(identityToRecipient))
    await showRefusal(page, { why: 'wrongKey', recipients, wayOn: false })
    return { faults: [] }
  }
  const content = new Blob([clear as BlobPart])
  return { subscribers: { name: file.name.replace(/\.age$/i, ''), content } }
}

async function unlock(
  page: Page,
  { identities, locked }: Omit<Chosen, 'file'>,
  opener: Opener,
): Promise<{ identities: string[] } | { faults: ChoiceFault[] }> {
  if (!locked) return { identities }
  showWorking(page, 'unlocking')
  const key = await opener.unlock(locked.sealed, locked.passphrase)
  if (!key) return { faults: [{ at: 'passphrase', fault: 'wrong' }] }
  if (key.kind === 'identities') return { identities: [...identities, ...key.identities] }
  return { faults: [{ at: 'identity', fault: key.kind === 'fault' ? key.fault : 'none' }] }
}

/** Whether the file is sealed whole, as "undersigned subscriber export" writes it. */
export async function isSealedList(file: Blob): Promise<boolean> {
  return (await file.slice(0, AGE_START.length).text()) === AGE_START
}

/** Null when none of the keys fits, 'damaged' when its bytes were changed. */
export async function openList(
  file: Blob,
  identities: string[],
): Promise<Uint8Array | 'damaged' | null> {
  const sealed = new Uint8Array(await file.arrayBuffer())
  try {
    return await openSealed(identities, sealed)
  } catch {
    return 'damaged'
  }
}
