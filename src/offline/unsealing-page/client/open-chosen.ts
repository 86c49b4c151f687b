import { identityToRecipient } from 'age-encryption'
import { gatherList } from './gather-list.ts'
import { keyFits, openExport } from './open-export.ts'
import { isSealedList, openList } from './open-list.ts'
import type { Opener } from './opener.ts'
import type { Session } from './session.ts'
import { surveyExport } from './survey-export.ts'
import type { ChoiceFault, Chosen } from './view/choose-files.ts'
import type { OpenedList } from './view/list-state.ts'
import { showRefusal } from './view/show-refusal.ts'
import { showScreen } from './view/show-screen.ts'
import type { SubscriberList } from './view/show-subscribers.ts'
import { type Step, showWorking } from './view/show-working.ts'

/** What came of it: the list, or back to choosing, with what was wrong there. */
export type Opening =
  | { list: OpenedList }
  | { subscribers: SubscriberList }
  | { faults: ChoiceFault[] }

/**
 * Reads, checks and opens what was chosen, and asks where it should not go on by itself.
 *
 * @throws EndedError when it is cancelled
 * @throws DOMException when the file can't be read
 */
export async function openChosen({ file, ...chosen }: Chosen, session: Session): Promise<Opening> {
  const progress = (step: Step, total: number) => (done: number) => {
    session.check()
    showWorking(step, done, total)
  }

  showWorking('reading')
  showScreen('working')
  if (await isSealedList(file)) return openSubscriberList({ file, ...chosen }, session)
  const survey = await surveyExport(file, progress('reading', file.size))
  session.check()
  if (!survey) return { faults: [{ at: 'export', fault: 'format' }] }
  const { header, lines } = survey

  const openers = await session.openers()
  if (openers.length === 0) {
    await showRefusal({ why: 'unfit' })
    return { faults: [] }
  }
  const key = await unlock(chosen, openers[0]!)
  if ('faults' in key) return key

  if (survey.short) {
    const goOn = await showRefusal({ why: 'short', announced: header.records, found: lines })
    if (!goOn) return { faults: [] }
    showScreen('working')
  }
  showWorking('trying')
  if (!(await keyFits(openers, survey, key.identities))) {
    const recipients = await Promise.all(key.identities.map(identityToRecipient))
    if (!(await showRefusal({ why: 'wrongKey', recipients, wayOn: true }))) return { faults: [] }
    showScreen('working')
  }
  showWorking('opening', 0, lines)
  const { petition, exportedAt, records: announced } = header
  const opened = await openExport(
    openers,
    { file, petition, identities: key.identities },
    progress('opening', lines),
  )
  return { list: { ...gatherList(opened), petition, exportedAt, announced, lines } }
}

/** Sealed whole, so that there is nothing to show of it but the file itself. */
async function openSubscriberList({ file, ...chosen }: Chosen, session: Session): Promise<Opening> {
  const openers = await session.openers()
  if (openers.length === 0) {
    await showRefusal({ why: 'unfit' })
    return { faults: [] }
  }
  const key = await unlock(chosen, openers[0]!)
  if ('faults' in key) return key
  showWorking('trying')
  const clear = await openList(file, key.identities)
  session.check()
  if (clear === 'damaged') return { faults: [{ at: 'export', fault: 'damaged' }] }
  if (!clear) {
    const recipients = await Promise.all(key.identities.map(identityToRecipient))
    await showRefusal({ why: 'wrongKey', recipients, wayOn: false })
    return { faults: [] }
  }
  const content = new Blob([clear as BlobPart])
  return { subscribers: { name: file.name.replace(/\.age$/i, ''), content } }
}

async function unlock(
  { identities, locked }: Omit<Chosen, 'file'>,
  opener: Opener,
): Promise<{ identities: string[] } | { faults: ChoiceFault[] }> {
  if (!locked) return { identities }
  showWorking('unlocking')
  const key = await opener.unlock(locked.sealed, locked.passphrase)
  if (!key) return { faults: [{ at: 'passphrase', fault: 'wrong' }] }
  if (key.kind === 'identities') return { identities: [...identities, ...key.identities] }
  return { faults: [{ at: 'identity', fault: key.kind === 'fault' ? key.fault : 'none' }] }
}
