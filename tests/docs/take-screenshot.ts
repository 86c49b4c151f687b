/**
 * `npm run screenshot`: writes docs/screenshot.png, the README's picture, from the running program: started
 * as a newcomer starts it, in a folder of its own, and signed by a few. Headlines are as meant where Noto Serif
 * and Noto Sans are installed.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { launchChromium } from '../support/browser/launch-chromium.ts'
import { petitionPath } from '../support/browser/person.ts'
import { runProgram } from '../support/program.ts'
import { form } from '../support/signer.ts'
import { until } from '../support/until.ts'

const PICTURE = fileURLToPath(new URL('../../docs/screenshot.png', import.meta.url))
const SIZE = { width: 1280, height: 860 }
const SIGNERS = 24
const PATIENCE = { withinMs: 60_000, everyMs: 200 }

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'undersigned-screenshot-'))
  // As root PostgreSQL runs as another user, who must be able to pass through.
  await chmod(folder, 0o711)
  const [port, inboxPort] = [await freePort(), await freePort()]
  const program = runProgram(['start'], {
    DATA_DIR: join(folder, 'data'),
    PORT: `${port}`,
    INBOX_PORT: `${inboxPort}`,
  })
  const page = `http://127.0.0.1:${port}${petitionPath('en')}`
  try {
    await program.untilRunning()
    for (let signer = 0; signer < SIGNERS; signer++) await sign(page, signer)
    for (const link of await mailedLinks(`http://127.0.0.1:${inboxPort}`)) {
      await post(`http://127.0.0.1:${port}${new URL(link).pathname}`, { decision: 'confirm' })
    }
    await until(
      async () => (await read(page)).includes(`>${SIGNERS} certified in the public log<`),
      PATIENCE,
    )
    await take(page)
  } finally {
    program.child.kill('SIGTERM')
    await program.ended
    await rm(folder, { recursive: true, force: true })
  }
}

function sign(page: string, signer: number): Promise<void> {
  return post(`${page}/signatures`, form({ email: `signer-${signer}@example.org` }))
}

async function mailedLinks(inbox: string): Promise<string[]> {
  const mails = async () => [...(await read(inbox)).matchAll(/href="(\/mail\/[^"]+)"/g)]
  await until(async () => (await mails()).length >= SIGNERS, PATIENCE)
  return Promise.all(
    (await mails()).map(async ([, path]) => {
      const mail = (await read(`${inbox}${path}`)).replaceAll('&#x3D;', '=')
      return /http[^\s"<]+\/confirm\/[^\s"<]+/.exec(mail)![0]
    }),
  )
}

async function take(address: string): Promise<void> {
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light', locale: 'en' })
    await page.goto(address)
    await page.screenshot({ path: PICTURE })
  } finally {
    await browser.close()
  }
}

async function post(address: string, fields: Record<string, string>): Promise<void> {
  const answer = await fetch(address, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
  })
  if (answer.status !== 303) throw new Error(`${address} answers with ${answer.status}`)
}

const read = async (address: string) => (await fetch(address)).text()

await main()
