import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Account, runAs } from '../../../src/platform/database/embedded/account.ts'
import type { Role } from '../../../src/start.ts'
import { ownProgram } from '../../support/own-module.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))
const STOP_PATIENCE_MS = 5000

export interface Part {
  name: string
  pid: number
  /** As if its machine had lost power; resolves when it is gone. */
  kill(): Promise<void>
  /** Asks it to end, and ends it if it takes too long. */
  stop(): Promise<void>
  /** Everything it has said so far. */
  output(): string
  alive(): boolean
  /** Resolves once it is gone, whoever ended it. */
  ended: Promise<void>
}

/** Everything that was begun and how it is asked to end, if nobody else does. */
const living = new Map<ChildProcess, NodeJS.Signals>()
process.on('exit', () => {
  for (const [child, signal] of living) child.kill(signal)
})

/** A server of somebody else's, as the account that is none of root's. */
export function beginServer(
  name: string,
  command: string,
  args: string[],
  options: { account: Account | null; logFile: string; stopSignal?: NodeJS.Signals },
): Part {
  const child = spawn(command, args, {
    ...runAs(options.account),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return follow(name, child, options)
}

/** A process of the program itself. */
export function beginNode(
  name: string,
  role: Role,
  environment: Record<string, string>,
  logFile: string,
): Part {
  const { PATH, HOME, TMPDIR } = process.env
  const child = spawn(process.execPath, ownProgram(MAIN, role), {
    cwd: ROOT,
    env: { PATH, HOME, TMPDIR, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return follow(name, child, { logFile })
}

function follow(
  name: string,
  child: ChildProcess,
  { logFile, stopSignal = 'SIGTERM' }: { logFile: string; stopSignal?: NodeJS.Signals },
): Part {
  living.set(child, stopSignal)
  let output = ''
  const file = createWriteStream(logFile, { flags: 'a' })
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk
      file.write(chunk)
    })
  }
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      living.delete(child)
      resolve()
    }
    child.once('exit', end)
    child.once('error', end)
  })
  const signal = async (which: NodeJS.Signals) => {
    if (living.has(child)) child.kill(which)
    await ended
  }
  return {
    name,
    pid: child.pid ?? 0,
    output: () => output,
    alive: () => living.has(child),
    ended,
    kill: () => signal('SIGKILL'),
    async stop() {
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS)
      await signal(stopSignal)
      clearTimeout(late)
      file.end()
    },
  }
}

/** @throws with its last words when a part ends instead, or takes too long */
export async function untilReady(part: Part, isReady: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS
  while (!(await isReady().catch(() => false))) {
    if (!part.alive() || performance.now() > until) {
      throw new Error(`${part.name} did not start: ${part.output().trim().slice(-600)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const READY_WITHIN_MS = 120_000
