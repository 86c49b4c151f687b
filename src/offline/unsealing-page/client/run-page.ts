import { openChosen } from './open-chosen.ts'
import { EndedError } from './opener.ts'
import { createPage, holdNothing, type Page } from './page.ts'
import { Session } from './session.ts'
import { bestLanguage, onLanguage, switchLanguage } from './strings.ts'
import {
  type Chosen,
  forgetChoice,
  listenToChoice,
  showChoiceFaults,
  takeDroppedFiles,
} from './view/choose-files.ts'
import { byId } from './view/elements.ts'
import { forgetList, listenToList, openList } from './view/show-list.ts'
import { forgetRefusal, listenToOpening, showRefusal } from './view/show-opening.ts'
import { nameWindow, offerLanguages, showScreen, watchNetwork } from './view/show-screen.ts'
import { forgetSubscribers, listenToSubscribers, openSubscribers } from './view/show-subscribers.ts'

export function runPage(): void {
  const page = createPage()
  const closeList = () => close(page)
  offerLanguages()
  watchNetwork()
  takeDroppedFiles(page)
  listenToChoice(page, (chosen) => void open(page, chosen))
  listenToOpening(page)
  listenToList(page)
  byId('cancel').addEventListener('click', () => cancel(page))
  byId('close').addEventListener('click', closeList)
  listenToSubscribers(page, closeList)
  // The browser may keep a page that was left, to come back to it: then it must hold nothing.
  addEventListener('pagehide', () => {
    cancel(page)
    forgetEverything(page)
  })
  // Last: the window is named after a heading that already speaks the language.
  onLanguage(nameWindow)
  switchLanguage(bestLanguage(navigator.languages))
  showScreen('choose', { focus: false })
}

async function open(page: Page, chosen: Chosen): Promise<void> {
  const mine = new Session()
  page.held.session = mine
  byId('closed').hidden = true
  try {
    const result = await openChosen(page, chosen, mine)
    mine.check()
    if ('list' in result) {
      forgetChoice(page)
      openList(page, result.list)
      showScreen('list')
    } else if ('subscribers' in result) {
      forgetChoice(page)
      openSubscribers(page, result.subscribers)
      showScreen('subscribers')
    } else {
      showScreen('choose')
      showChoiceFaults(page, result.faults)
    }
  } catch (error) {
    if (!(error instanceof EndedError) && mine === page.held.session) await explain(page, error)
  } finally {
    mine.end()
    forgetRefusal(page)
    if (mine === page.held.session) page.held.session = null
  }
}

/** The USB stick was pulled out, the disk failed, or the program has a bug. */
async function explain(page: Page, error: unknown): Promise<void> {
  if (error instanceof DOMException) {
    showScreen('choose')
    showChoiceFaults(page, [{ at: 'export', fault: 'unreadable' }])
    return
  }
  await showRefusal(page, { why: 'broken', message: String(error) })
  showScreen('choose')
}

function close(page: Page): void {
  forgetEverything(page)
  byId('closed').hidden = false
  showScreen('choose')
}

function cancel({ held }: Page): void {
  if (!held.session) return
  held.session.end()
  held.session = null
  showScreen('choose')
}

/** From memory, and from the document: each part clears its own elements. */
function forgetEverything(page: Page): void {
  forgetList(page)
  forgetSubscribers(page)
  forgetChoice(page)
  forgetRefusal(page)
  page.held = holdNothing()
}
