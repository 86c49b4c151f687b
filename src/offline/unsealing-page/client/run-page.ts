import { openChosen } from './open-chosen.ts'
import { EndedError } from './opener.ts'
import { Session } from './session.ts'
import { bestLanguage, onLanguage, switchLanguage } from './strings.ts'
import { type Chosen, forgetChoice, listenToChoice, showChoiceFaults } from './view/choose-files.ts'
import { byId } from './view/elements.ts'
import { offerLanguages } from './view/offer-languages.ts'
import { forgetList, listenToList, openList } from './view/show-list.ts'
import { forgetRefusal, listenToRefusal, showRefusal } from './view/show-refusal.ts'
import { nameWindow, showScreen } from './view/show-screen.ts'
import { forgetSubscribers, listenToSubscribers, openSubscribers } from './view/show-subscribers.ts'
import { takeDroppedFiles } from './view/take-dropped-files.ts'
import { watchNetwork } from './view/watch-network.ts'

/** What is under way; null between times. */
let session: Session | null = null

export function runPage(): void {
  offerLanguages()
  watchNetwork()
  takeDroppedFiles()
  listenToChoice((chosen) => void open(chosen))
  listenToRefusal()
  listenToList()
  byId('cancel').addEventListener('click', cancel)
  byId('close').addEventListener('click', close)
  listenToSubscribers(close)
  // The browser may keep a page that was left, to come back to it: then it must hold nothing.
  addEventListener('pagehide', () => {
    cancel()
    forgetEverything()
  })
  // Last: the window is named after a heading that already speaks the language.
  onLanguage(nameWindow)
  switchLanguage(bestLanguage(navigator.languages))
  showScreen('choose', { focus: false })
}

async function open(chosen: Chosen): Promise<void> {
  const mine = new Session()
  session = mine
  byId('closed').hidden = true
  try {
    const result = await openChosen(chosen, mine)
    mine.check()
    if ('list' in result) {
      forgetChoice()
      openList(result.list)
      showScreen('list')
    } else if ('subscribers' in result) {
      forgetChoice()
      openSubscribers(result.subscribers)
      showScreen('subscribers')
    } else {
      showScreen('choose')
      showChoiceFaults(result.faults)
    }
  } catch (error) {
    if (!(error instanceof EndedError) && mine === session) await explain(error)
  } finally {
    mine.end()
    forgetRefusal()
    if (mine === session) session = null
  }
}

/** The stick was pulled out, the disk failed, or what nobody foresaw. */
async function explain(error: unknown): Promise<void> {
  if (error instanceof DOMException) {
    showScreen('choose')
    showChoiceFaults([{ at: 'export', fault: 'unreadable' }])
    return
  }
  await showRefusal({ why: 'broken', message: String(error) })
  showScreen('choose')
}

function close(): void {
  forgetEverything()
  byId('closed').hidden = false
  showScreen('choose')
}

function cancel(): void {
  if (!session) return
  session.end()
  session = null
  showScreen('choose')
}

function forgetEverything(): void {
  forgetList()
  forgetSubscribers()
  forgetChoice()
  forgetRefusal()
}
