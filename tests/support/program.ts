import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ownProgram } from './own-module.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface Outcome {
  code: number | null
  output: string
  errors: string
}

export interface Program {
  child: ChildProcess
  /** What it has printed so far. */
  output(): string
  errors(): string
  /** Resolves when it has printed that it runs. @throws with its last words when it ends instead */
  untilRunning(): Promise<void>
  ended: Promise<Outcome>
}

/** The program as a person starts it, in a process of its own. */
export function runProgram(args: string[], environment: Record<string, string>): Program {
  return run(process.execPath, ownProgram(MAIN, ...args), environment)
}

/** `npm start`, without bundling the assets anew under the feet of other tests. */
export function runNpmStart(environment: Record<string, string>): Program {
  return run('npm', ['start', '--ignore-scripts'], environment)
}

function run(command: string, args: string[], environment: Record<string, string>): Program {
  const { PATH, HOME, TMPDIR } = process.env
  const inherited = Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined),
  )
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout!.on('data', (chunk) => {
    output += chunk
  })
  child.stderr!.on('data', (chunk) => {
    errors += chunk
  })
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    output,
    errors,
  }))
  return {
    child,
    output: () => output,
    errors: () => errors,
    ended,
    async untilRunning() {
      const running = (async () => {
        while (!output.includes('Ctrl-C')) await once(child.stdout!, 'data')
      })()
      const outcome = await Promise.race([running, ended])
      if (outcome)
        throw new Error(`it ended with ${outcome.code}: ${outcome.errors}${outcome.output}`)
    },
  }
}
