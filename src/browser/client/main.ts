import { followCount } from './follow-count.ts'
import { guardForm } from './guard-form.ts'
import { keepTyped } from './keep-typed.ts'
import { limitComment } from './limit-comment.ts'
import { proveWork } from './prove-work.ts'

/**
 * Everything here only adds comfort: each page works whole without it. Nothing is stored on the
 * device, neither cookie nor storage, and no request goes to another site.
 */

document.documentElement.classList.add('scripted')

for (const element of all('[data-count-url]')) followCount(element)
for (const form of all<HTMLFormElement>('[data-sign-form]')) {
  guardForm(form, proveWork(form))
  keepTyped(form)
}
for (const textarea of all<HTMLTextAreaElement>('textarea[data-limit]')) limitComment(textarea)
for (const bar of all('[data-sign-bar]')) showSignBar(bar)
const kits = all('.share')
// A part of its own: the petition's page doesn't load it.
if (kits.length > 0) {
  import('./share-petition.ts').then(({ sharePetition }) => kits.forEach(sharePetition))
}

function all<Found extends HTMLElement = HTMLElement>(selector: string): NodeListOf<Found> {
  return document.querySelectorAll<Found>(selector)
}

/**
 * The bar sticks to the foot of a narrow screen and steps aside while the form is in view. Until the browser has said
 * whether it is, the bar stays below the text: otherwise it would cover the form's first links for a moment.
 */
function showSignBar(bar: HTMLElement): void {
  const form = document.getElementById('sign')
  if (!form || !('IntersectionObserver' in window)) return
  new IntersectionObserver(([entry]) => {
    bar.classList.add('sticky')
    bar.classList.toggle('aside', entry?.isIntersecting ?? false)
  }).observe(form)
}
