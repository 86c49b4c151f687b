import axe, { type AxeResults, type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

/** WCAG 2.2, levels A and AA, as far as a program can tell. */
export const WCAG: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
}
export const COLOURS: RunOptions = { runOnly: ['color-contrast', 'link-in-text-block'] }
/** Where nothing may scroll sideways: 1280 px at a zoom of 400 % (WCAG 1.4.10), or a small phone. */
export const NARROWEST = 320

/** To be called before the page is opened. */
export function bringAxe(page: Page): Promise<unknown> {
  return page.addInitScript({ content: axe.source })
}

/** @returns the broken rules, each with the elements that break it */
export async function brokenRules(page: Page, rules: RunOptions): Promise<string[]> {
  const options = JSON.stringify({ ...rules, resultTypes: ['violations'] })
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`)
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' · ')}`,
  )
}

/** @returns what makes the page scroll sideways */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(`document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body, body *')]
      .filter((element) => element.scrollWidth > innerWidth || element.getBoundingClientRect().right > innerWidth)
      .map((element) => element.outerHTML.slice(0, 120))`)
}

/** WCAG 2.2, target size (enhanced), in CSS pixels. */
export const TARGET_PX = 44
/** What layout rounds away. */
const TOLERANCE_PX = 0.5

/**
 * Everything that a finger may aim at, with its size; a box or a radio button together with its label. A link
 * within a line of text is as high as the line.
 */
const TOO_SMALL = `(() => {
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !element.closest('.trap, .unseen') && element.getBoundingClientRect().bottom > 0
  const union = (boxes) => ({
    width: Math.max(...boxes.map((b) => b.right)) - Math.min(...boxes.map((b) => b.left)),
    height: Math.max(...boxes.map((b) => b.bottom)) - Math.min(...boxes.map((b) => b.top)),
  })
  const isInText = (link) => {
    if (link.localName !== 'a') return false
    let block = link.parentElement
    while (getComputedStyle(block).display.startsWith('inline')) block = block.parentElement
    if (/flex|grid/.test(getComputedStyle(block).display)) return false
    const around = [...block.querySelectorAll('a')].reduce((text, a) => text.replace(a.textContent, ''), block.textContent)
    return around.trim().length > 0
  }
  return [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex="0"]')]
    .filter((element) => seen(element) && !isInText(element))
    .map((element) => {
      const boxes = [element, ...(element.labels ?? [])].map((each) => each.getBoundingClientRect())
      const { width, height } = union(/^(checkbox|radio)$/.test(element.type) ? boxes : boxes.slice(0, 1))
      return { width, height, what: element.outerHTML.slice(0, 100) }
    })
    .filter(({ width, height }) => Math.min(width, height) < ${TARGET_PX - TOLERANCE_PX})
    .map(({ width, height, what }) => Math.round(width) + '×' + Math.round(height) + ' ' + what)
})()`

/** @returns what is too small for a finger, with its size */
export function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(TOO_SMALL)
}
