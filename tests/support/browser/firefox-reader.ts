import assert from 'node:assert/strict'
import type { KeyInput, Page } from 'puppeteer-core'
import { until } from '../until.ts'

const PATIENCE = { withinMs: 60_000, everyMs: 50 }

/**
 * What a reader does and sees in Firefox. Nothing here waits within the page, since with scripts switched off no
 * promise of the page is ever kept there: it looks again and again from outside, and moves a real mouse.
 */
export interface Reader {
  page: Page
  open(address: string): Promise<void>
  seeHeading(heading: string): Promise<void>
  see(text: string): Promise<void>
  /** @returns whether the page shows the text now */
  shows(text: string): Promise<boolean>
  /** A button or a link. */
  press(name: string): Promise<void>
  click(selector: string): Promise<void>
  /** Ticks a box, or one of several choices, by its words. */
  choose(label: string): Promise<void>
  /** Types into what is labelled so, or chooses there as the keyboard does. */
  type(label: string, text: string): Promise<void>
  keys(...keys: KeyInput[]): Promise<void>
  /** Evaluated in the page, without waiting there. */
  read<Result>(expression: string): Promise<Result>
  /** @throws when the page can be scrolled sideways */
  fitsTheWindow(): Promise<void>
}

const css = (selector: string) => `document.querySelector(${JSON.stringify(selector)})`
const saying = (elements: string, text: string) =>
  `[...document.querySelectorAll('${elements}')].find((one) => one.checkVisibility() && one.textContent.trim() === ${JSON.stringify(text)})`

interface Spot {
  x: number
  y: number
  /** Nothing lies over it. */
  onTop: boolean
}

/** In the middle of the window, where no bar at its edges lies over it. */
const middleOf = (element: string) => `(() => {
  const element = ${element}
  element.scrollIntoView({ block: 'center', behavior: 'instant' })
  const box = element.getBoundingClientRect()
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const there = document.elementFromPoint(x, y)
  return { x, y, onTop: element.contains(there) || !!there?.contains(element) }
})()`

export function createReader(page: Page): Reader {
  const read = <Result>(expression: string) => page.evaluate(expression) as Promise<Result>
  /** False while one page gives way to the next. */
  const isSo = (expression: string) => read<boolean>(expression).catch(() => false)
  const shows = (text: string) => isSo(`document.body.innerText.includes(${JSON.stringify(text)})`)

  async function clickOn(element: string): Promise<void> {
    const complaint = `no ${element} on ${page.url()}`
    await until(() => isSo(`!!${element}`), { ...PATIENCE, complaint })
    const spot = async () => (await read<Spot>(middleOf(element)).catch(() => null)) ?? null
    let last: Spot | null = null
    // People press what stands still: a font or a count that comes meanwhile moves it.
    await until(
      async () => {
        const before = last
        last = await spot()
        return last?.onTop && last.x === before?.x && last.y === before.y
      },
      { ...PATIENCE, complaint },
    )
    await page.mouse.click(last!.x, last!.y)
  }

  return {
    page,
    read,
    shows,
    open: async (address) => {
      await page.goto(address)
    },
    seeHeading: async (heading) => {
      const said = `document.querySelector('h1')?.textContent.trim() === ${JSON.stringify(heading)}`
      await until(() => isSo(`document.readyState === 'complete' && ${said}`), {
        ...PATIENCE,
        complaint: `no heading “${heading}” on ${page.url()}`,
      })
    },
    see: async (text) => {
      await until(() => shows(text), {
        ...PATIENCE,
        complaint: `${page.url()} never says “${text}”`,
      })
    },
    press: (name) => clickOn(saying('button, a', name)),
    click: (selector) => clickOn(css(selector)),
    choose: (label) => clickOn(saying('label', label)),
    type: async (label, text) => {
      // A click on a list itself opens it, and takes the keys away.
      await clickOn(saying('label', label))
      await page.keyboard.type(text)
    },
    keys: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key)
    },
    fitsTheWindow: async () => {
      const { across, window } = await read<{ across: number; window: number }>(
        '({ across: document.documentElement.scrollWidth, window: document.documentElement.clientWidth })',
      )
      assert.equal(across, window, `${page.url()} scrolls sideways`)
    },
  }
}
