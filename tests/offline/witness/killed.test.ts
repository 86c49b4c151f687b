import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { before, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { createNoise, hex } from '../../log/core/support/bytes.ts'
import { ask, sizeOf } from './support/ask.ts'
import { type GrowingLog, growLog, makeLines } from './support/growing-log.ts'
import { logVkey, makeWitnessFolder } from './support/witness-folder.ts'

const KILLS = 40
const LONGEST_LIFE_MS = 60
/** On a machine that does much else, a witness signs little in such a life: then it is killed more often. */
const MOST_KILLS = 5 * KILLS

const folder = makeWitnessFolder()
let program: string
before(async () => {
  // Bundled it starts ten times as fast.
  program = join(folder.path, 'witness.mjs')
  const source = fileURLToPath(new URL('support/witness-child.ts', import.meta.url))
  await build({
    entryPoints: [source],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
})

/** By size, the root that the witness has cosigned: it must never be another. */
const cosigned = new Map<number, string>()
let largest = 0

/** The log as the witness knows it so far; a dishonest holder of the log's key would like to have two. */
let history = growLog([])

it(`a witness killed ${KILLS} times while a log tries to show two histories signs only one`, async () => {
  const noise = createNoise(29)
  const hasSigned = () => largest > KILLS && cosigned.size > KILLS
  for (let kills = 0; kills < KILLS || (!hasSigned() && kills < MOST_KILLS); kills++) {
    const { child, url } = await start()
    const branches = ['left', 'right'].map((side) =>
      growLog([...history.entries, ...makeLines(300, `${side} ${kills}`)]),
    )
    const operators = branches.map((branch) => press(url, branch, history.size))
    await sleep(noise() * LONGEST_LIFE_MS)
    child.kill('SIGKILL')
    await Promise.all([...operators, once(child, 'exit')])
    history = await findHistory(branches)
    for (const [size, root] of cosigned) assert.equal(hex(history.root(size)), root, `${size}`)
  }
  assert.ok(largest > KILLS, `the log grew to ${largest} only`)
  assert.ok(cosigned.size > KILLS)
  const left = await readdir(folder.path)
  const drafts = left.filter((name) => name.startsWith('state.') && name !== 'state.lock')
  assert.deepEqual(drafts, [], 'nothing half-written stays')
})

async function start(): Promise<{ child: ChildProcess; url: string }> {
  const args = [program, folder.stateFile, folder.keyFile, logVkey]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout!, 'data')
  return { child, url: String(line).trim() }
}

/** Gets its own history cosigned, by all means, until the witness is gone. */
async function press(url: string, log: GrowingLog, from: number): Promise<void> {
  try {
    for (let size = from; size < log.size; ) {
      const to = Math.min(log.size, size + 1 + (size % 3))
      const { status, text } = await ask(url, log, size, to)
      if (status === 200) note(log, to)
      size = status === 200 ? to : Number.parseInt(text, 10) || size
    }
  } catch (error) {
    assert.ok(!(error instanceof assert.AssertionError), error as Error)
  }
}

function note(log: GrowingLog, size: number): void {
  const root = hex(log.root(size))
  assert.equal(cosigned.get(size) ?? root, root, `two roots for ${size} entries`)
  cosigned.set(size, root)
  largest = Math.max(largest, size)
}

/** What the witness remembers in its next life: the one branch that it signs again as it is. */
async function findHistory(branches: GrowingLog[]): Promise<GrowingLog> {
  const { child, url } = await start()
  const size = await sizeOf(url, branches[0]!)
  assert.ok(size >= largest, `it went back from ${largest} to ${size}`)
  const answers = await Promise.all(branches.map((branch) => ask(url, branch, size, size)))
  const its = branches.filter((_, at) => answers[at]!.status === 200)
  assert.ok(its.length === 1 || size === history.size, `${its.length} histories of ${size}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  note(its[0]!, size)
  return growLog(its[0]!.entries.slice(0, size))
}
