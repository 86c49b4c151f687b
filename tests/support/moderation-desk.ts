import { addModerationCommands } from '../../src/commands/moderation-queue.ts'
import { DEMO } from './demo.ts'
import type { Harness } from './harness.ts'
import { runCommand } from './run-command.ts'
import { get, signAndConfirm } from './signer.ts'

const PAGE = `/en/p/${DEMO}`

/** What the stories of moderation do: as an organiser at the command line, as a reader, as a signer. */
export function desk(harness: Harness) {
  const run = (...line: string[]) =>
    runCommand(harness.site, addModerationCommands, ['moderation', ...line])
  const queue = async (...options: string[]) => {
    const { output } = await run('list', DEMO, ...options)
    return output
      .trim()
      .split('\n')
      .filter((line) => line.includes('\t'))
      .map((line) => {
        const [key, state, why, told, decision, , text] = line.split('\t')
        return { key: key!, state, why, told, decision, text }
      })
  }
  const keyOf = async (text: string, ...options: string[]) =>
    (await queue(...options)).find((each) => each.text === text)!.key
  const page = async () => (await get(harness, PAGE)).text()
  const shown = async () =>
    [...(await page()).matchAll(/<bdi class="who">([^<]*)<\/bdi>/g)].map(([, name]) => name)
  const reportOf = async (name: string) => {
    const link = new RegExp(`<bdi class="who">${name}</bdi>.*?class="report" href="([^"]+)"`)
    return link.exec(await page())?.[1]
  }
  const report = (path: string, body: Record<string, string>, address = '203.0.113.9') =>
    fetch(`${harness.origin}${path}`, {
      method: 'POST',
      body: new URLSearchParams(body),
      headers: { 'x-forwarded-for': address },
    })
  const signs = async (name: string, fields: Record<string, string> = {}) => {
    harness.clock.move(1000)
    const email = `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@example.org`
    await signAndConfirm(harness, { email, name, display: 'name', ...fields })
    return email
  }
  return { run, queue, keyOf, page, shown, reportOf, report, signs }
}
