import { followCount } from './follow-count.ts'
import { guardForm } from './guard-form.ts'
import { keepTyped } from './keep-typed.ts'
import { limitComment } from './limit-comment.ts'
import { proveWork } from './prove-work.ts'
import { sharePetition } from './share-petition.ts'

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
for (const section of all('.share')) sharePetition(section)

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
