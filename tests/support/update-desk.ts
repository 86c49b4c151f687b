import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addUpdateCommands } from '../../src/commands/update.ts'
import { DEMO, getDemo } from './demo.ts'
import type { Harness } from './harness.ts'
import type { ReceivedMail } from './mail-server.ts'
import { runCommand } from './run-command.ts'
import { get } from './signer.ts'
import { addSubscribers } from './subscribers.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const EN =
  '---\ntitle: "Letters & <em>answers</em>"\n---\n\nThe *first* letters are out. [More](https://example.org)\n'
export const RU = '---\ntitle: "Письма отправлены"\n---\n\nПервые письма ушли.\n'

/** What the stories of updates do: write, publish, subscribe, mail. */
export function updateDesk(harness: Harness) {
  const update = (...words: string[]) =>
    runCommand(harness.site, (program, open) => addUpdateCommands(program, open, async () => {}), [
      'update',
      ...words,
    ])

  /** A folder of that name, with what its files hold. */
  function write(name: string, files: Record<string, string>): string {
    const folder = join(temporaryFolder(), name)
    mkdirSync(folder)
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
    return folder
  }

  async function publish(
    name: string,
    files: Record<string, string> = { 'en.md': EN, 'ru.md': RU },
  ) {
    const said = await update('publish', DEMO, write(name, files), '--yes')
    assert.equal(said.errors, '')
    return said
  }

  async function subscribe(...addresses: [email: string, language: string][]) {
    const { db, keyring } = harness.site
    const { id } = await getDemo(harness)
    const given = addresses.map(([email, language]) => ({ email, language }))
    await addSubscribers(db, keyring, id, given)
  }

  /** Until no slice is left that would send anything. */
  async function sendAll(slices = 4) {
    for (let nth = 0; nth < slices; nth++) {
      await harness.makeJobsDue()
      await harness.work()
    }
  }

  const page = async (path: string) => (await get(harness, path)).text()
  const headerOf = ({ headerLines }: ReceivedMail, name: string) =>
    headerLines.find(({ key }) => key === name)?.line.replace(/\s+/g, ' ') ?? ''
  return { update, write, publish, subscribe, sendAll, page, headerOf }
}
