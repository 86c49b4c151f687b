import { followCount } from './follow-count.ts'
import { guardForm } from './guard-form.ts'
import { leaveSandbox } from './leave-sandbox.ts'
import { limitComment } from './limit-comment.ts'
import { proveWork } from './prove-work.ts'
import { talkToHost } from './talk-to-host.ts'

/** The pages in other sites' frames: as main.ts, with what such a page doesn't have left out. */

document.documentElement.classList.add('scripted')
leaveSandbox()

for (const element of document.querySelectorAll<HTMLElement>('[data-count-url]')) {
  followCount(element)
}
for (const form of document.querySelectorAll<HTMLFormElement>('[data-sign-form]')) {
  guardForm(form, proveWork(form))
}
for (const textarea of document.querySelectorAll<HTMLTextAreaElement>('textarea[data-limit]')) {
  limitComment(textarea)
}
talkToHost()
