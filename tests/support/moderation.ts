import assert from 'node:assert/strict'
import { DEMO } from './demo.ts'
import type { Harness } from './harness.ts'
import { runProgram } from './program.ts'
import { get } from './signer.ts'

const PAGE = `/en/p/${DEMO}`

interface ListedName {
  id: string
  state: string
  who: string
}

/** What organisers do with `undersigned name`, and what the page shows then. */
export function moderation(harness: Harness) {
  const run = (...line: string[]) => runProgram(['name', ...line], harness.environment).ended
  async function list(...options: string[]): Promise<ListedName[]> {
    const { code, output: stdout, errors: stderr } = await run('list', DEMO, ...options)
    assert.equal(code, 0, stderr)
    const lines = stdout.trim().split('\n')
    return lines.map((line) => {
      const [id, state, who] = line.split('\t')
      return { id: id!, state: state!, who: who! }
    })
  }
  const idOf = async (name: string) =>
    (await list()).find(({ who }) => who.startsWith(`${name}, `))!.id
  const page = async () => (await get(harness, PAGE)).text()
  const shownOf = async () =>
    [...(await page()).matchAll(/<bdi class="who">([^<]*)<\/bdi>/g)].map(([, name]) => name)
  return { run, list, idOf, page, shownOf }
}
