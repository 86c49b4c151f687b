import { type SpawnOptions, spawn } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { absent, EmbeddedPostgresError } from './errors.ts'

/** A system user that PostgreSQL runs as when we are root, since it refuses to run as root. */
export interface Account {
  name: string
  uid: number
  gid: number
}

const OUR_ACCOUNT = 'undersigned'

/**
 * Null when we are an ordinary user: PostgreSQL then runs as us. As root, in this order:
 * - the owner of the data that is already there, so that the choice never changes under it;
 * - `postgres` (`_postgres` on macOS), which exists for exactly this;
 * - an account of our own, made when the system has the tools for it;
 * - `nobody`, last, because other daemons run as it too and could then read the data.
 */
export async function chooseAccount(clusterFolder: string): Promise<Account | null> {
  if (process.geteuid?.() !== 0) return null
  const account =
    (await ownerOf(clusterFolder)) ??
    (await findAccount('postgres')) ??
    (await findAccount('_postgres')) ??
    (await findAccount(OUR_ACCOUNT)) ??
    (await createAccount()) ??
    (await findAccount('nobody'))
  if (account) return account
  throw new EmbeddedPostgresError(
    'PostgreSQL refuses to run as root and this system has no user to run it as; ' +
      'start as an ordinary user, create a user named postgres, or set DATABASE_URL',
  )
}

async function ownerOf(folder: string): Promise<Account | null> {
  const found = await stat(folder).catch(absent)
  if (!found || found.uid === 0) return null
  const { code, output } = await run(null, 'id', ['-nu', String(found.uid)])
  return { name: code === 0 ? output : String(found.uid), uid: found.uid, gid: found.gid }
}

async function findAccount(name: string): Promise<Account | null> {
  const [uid, gid] = await Promise.all([
    run(null, 'id', ['-u', name]),
    run(null, 'id', ['-g', name]),
  ])
  if (uid.code !== 0 || gid.code !== 0 || uid.output === '0') return null
  return { name, uid: Number(uid.output), gid: Number(gid.output) }
}

/** `useradd` is on most distributions, `adduser -S` is BusyBox's (Alpine). */
async function createAccount(): Promise<Account | null> {
  const home = ['--home-dir', '/nonexistent', '--no-create-home']
  const shell = ['--shell', '/usr/sbin/nologin']
  const made =
    (await run(null, '/usr/sbin/useradd', ['--system', ...home, ...shell, OUR_ACCOUNT])).code ===
      0 ||
    (await run(null, '/usr/sbin/adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', OUR_ACCOUNT]))
      .code === 0
  return made ? findAccount(OUR_ACCOUNT) : null
}

interface Outcome {
  /** Null when it could not be started or was ended by a signal. */
  code: number | null
  /** Standard output and standard error together, or the reason why it did not start. */
  output: string
}

/**
 * PostgreSQL's programs run as the account when there is one (libuv drops the supplementary groups as
 * well), from `/` since the account may be unable to enter the current folder, and without our
 * environment, where PG* and LD_* variables would change what the server does.
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
