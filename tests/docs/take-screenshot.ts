/**
 * `npm run screenshot`: follows docs/campaigner-guide.md on a running site and takes its pictures into docs/pictures/,
 * then docs/screenshot.png, the README's picture, of the demonstration. In the order of the guide, so a picture shows
 * what the commands before it have made.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { launchChromium } from '../support/browser/launch-chromium.ts'
import { petitionPath } from '../support/browser/person.ts'
import { runProgram } from '../support/program.ts'
import { followGuide, PETITION, type Scene } from './guide/follow-guide.ts'
import { letPeopleSign, mailedLinks, PEOPLE, post, sign } from './guide/people.ts'

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url))
const PHONE = { width: 390, height: 844 }
const DESK = { width: 1280, height: 860 }
const QUALITY = 80

interface Shot {
  size: typeof PHONE
  dark?: boolean
  open(page: Page, scene: Scene): Promise<unknown>
}

/** Each picture of the guide: at which page, and where on it. */
const shots: Readonly<Record<string, Shot>> = {
  'preview.webp': { size: PHONE, open: (page, { preview }) => page.goto(preview!) },
  'page.webp': { size: DESK, open: (page, { origin }) => page.goto(`${origin}${PETITION}`) },
  'thanks.webp': {
    size: PHONE,
    dark: true,
    async open(page, { origin, inbox }) {
      await sign(`${origin}${PETITION}`, { email: 'one-more@example.org' })
      const [link] = await mailedLinks(inbox, PEOPLE + 1)
      const confirmed = await post(`${origin}${new URL(link!).pathname}`, { decision: 'confirm' })
      await page.goto(`${origin}${confirmed}`)
    },
  },
  'answers.webp': {
    size: PHONE,
    open: (page, { origin }) => page.goto(`${origin}${PETITION}/answers`),
  },
  'update.webp': {
    size: PHONE,
    open: (page, { origin }) => page.goto(`${origin}${PETITION}/updates/first-letter`),
  },
  'answered.webp': { size: DESK, open: (page, { origin }) => page.goto(`${origin}${PETITION}`) },
}

async function main(): Promise<void> {
  const browser = await launchChromium()
  try {
    await followGuide((file, scene) => take(browser, file, scene))
    await takeDemonstration(browser)
  } finally {
    await browser.close()
  }
}

async function take(browser: Browser, file: string, scene: Scene): Promise<void> {
  const { size, dark = false, open } = shots[basename(file)]!
  const colorScheme = dark ? 'dark' : 'light'
  const page = await browser.newPage({ viewport: size, colorScheme, locale: 'en' })
  await open(page, scene)
  await page.evaluate('document.fonts.ready')
  const picture = await page.screenshot()
  await sharp(picture).webp({ quality: QUALITY }).toFile(join(DOCS, file))
  await page.close()
}

async function takeDemonstration(browser: Browser): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'undersigned-screenshot-'))
  // As root PostgreSQL runs as another user, who must be able to pass through.
  await chmod(folder, 0o711)
  const [port, inboxPort] = [await freePort(), await freePort()]
  const program = runProgram(['start'], {
    DATA_DIR: join(folder, 'data'),
    PORT: `${port}`,
    INBOX_PORT: `${inboxPort}`,
  })
  const place = { origin: `http://127.0.0.1:${port}`, inbox: `http://127.0.0.1:${inboxPort}` }
  try {
    await program.untilRunning()
    await letPeopleSign(place, petitionPath('en'))
    const page = await browser.newPage({ viewport: DESK, colorScheme: 'light', locale: 'en' })
    await page.goto(`${place.origin}${petitionPath('en')}`)
    await page.evaluate('document.fonts.ready')
    await page.screenshot({ path: join(DOCS, 'screenshot.png') })
  } finally {
    program.child.kill('SIGTERM')
    await program.ended
    await rm(folder, { recursive: true, force: true })
  }
}

await main()
