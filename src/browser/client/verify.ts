/**
 * The verify page's own script: it does the arithmetic of the public log in the reader's browser, so that
 * the server needn't be believed. A receipt that is checked here never leaves the device.
 */
import { parseVkey } from '../../log/core/note/note-key.ts'
import { checkReceipt } from './check-receipt.ts'
import { recompute } from './recompute.ts'
import { readWords } from './say.ts'
import { verifyInBrowser } from './verify-in-browser.ts'

const root = document.querySelector<HTMLElement>('[data-verify]')
if (root) {
  const trust = {
    logKeys: [parseVkey(root.dataset.vkey!)],
    witnessKeys: [],
    verify: verifyInBrowser,
  }
  const tell = readWords(root)
  for (const hint of root.querySelectorAll<HTMLElement>('.without-script')) hint.hidden = true
  recompute(root, trust, tell)
  checkReceipt(root, trust, tell)
}
