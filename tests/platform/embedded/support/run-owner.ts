import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { inspectProcess } from '../../../../src/platform/database/embedded/processes.ts'
import type { Installation } from './installation.ts'
import { ordinaryUser, weAreRoot } from './people.ts'
import { undoAfter } from './undo.ts'

/** What owner.ts prints: url and staged, or name and message, or answered. */
export interface Report {
  url: string
  staged: { binaries: string; data: string; why: string } | null
  name: string
  message: string
  answered: boolean
}

export interface RunningOwner {
  process: ChildProcess
  /** The next line that it prints. */
  report(): Promise<Report>
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>
}

/** Runs `owner.ts` on a DATA_DIR in a process group of its own, as us or as an ordinary user. */
export function runOwner(
  t: TestContext,
  { node, owner }: Installation,
  dataDir: string,
  { asOrdinaryUser = false } = {},
): RunningOwner {
  const child = spawn(node, [owner, dataDir], {
    ...(asOrdinaryUser && weAreRoot ? ordinaryUser : {}),
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  undoAfter(t, async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGINT')
    await ended
  })
  return {
    process: child,
    report: async () => JSON.parse((await lines.next()).value),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

export async function query(url: string, sql: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows
  } finally {
    await client.end().catch(() => {})
  }
}

/** The pid of the server on a DATA_DIR, by its lock file. */
export async function serverPid(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10)
}

export async function isGone(pid: number, withinMs = 0): Promise<boolean> {
  for (let waited = 0; waited < withinMs && (await inspectProcess(pid)); waited += 20) {
    await sleep(20)
  }
  return (await inspectProcess(pid)) === null
}
