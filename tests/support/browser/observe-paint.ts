import type { Page } from 'playwright-core'

/** Nothing moves once it is shown. Google's "good" is 0.1. */
export const MOST_SHIFT = 0.01

/** To run in a page before its own scripts. */
export const OBSERVE_PAINT = `
  window.seen = { lcp: 0, shift: 0 }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.seen.lcp = entry.startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.seen.shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })`

/** Since the page began: milliseconds to its largest contentful paint, and all layout shifts added up. */
export const seenOn = (page: Page) => page.evaluate<{ lcp: number; shift: number }>('window.seen')
