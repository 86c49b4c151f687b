import { type SpawnOptions, spawn } from 'node:child_process'
import type { Account } from './choose-account.ts'

export interface Outcome {
  /** Null when it could not be started or was ended by a signal. */
  code: number | null
  /** Standard output and standard error together, or the reason why it did not start. */
  output: string
}

/**
 * How PostgreSQL's programs are run: as the account when there is one (libuv drops the supplementary
 * groups as well), from `/` since the caller's folder may be closed to the account, and without the
 * caller's environment, where PG* and LD_* variables would change what the server does.
 */
export function runAs(account: Account | null): SpawnOptions {
  const identity = account ? { uid: account.uid, gid: account.gid } : {}
  if (process.platform === 'win32') return { windowsHide: true, env: withoutPostgresVariables() }
  return { ...identity, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } }
}

export function run(
  account: Account | null,
  command: string,
  args: string[],
  input = '',
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...runAs(account), stdio: ['pipe', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.stdin?.on('error', () => {}) // it ended before reading its input
    child.stdin?.end(input)
    child.once('error', (error) => resolve({ code: null, output: error.message }))
    child.once('close', (code) => resolve({ code, output: output.trim() }))
  })
}

// Windows programs fail in odd ways without SystemRoot, TEMP and the like, so there we only subtract.
function withoutPostgresVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^PG/i.test(name)))
}
