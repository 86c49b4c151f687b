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
