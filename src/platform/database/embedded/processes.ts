import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { absent } from './errors.ts'

const LONG_LISTING_BYTES = 64 * 1024 * 1024
const SYSTEM_IDENTIFIER_BYTES = 8 // the first field of ControlFileData, catalog/pg_control.h
const OWNER_SETTING = 'undersigned.owner'

/** A running process. A zombie counts as gone: it holds nothing, and may never be reaped. */
export interface ProcessFacts {
  pid: number
  parent: number
  /** Without spaces; with the pid it tells a process from a later one that got the same pid. */
  started: string
  /** Arguments joined by spaces, or the title that the process gave itself. */
  command: string
}

/** Null when no such process runs. */
export async function inspectProcess(pid: number): Promise<ProcessFacts | null> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  if (process.platform === 'linux') return readProc(pid)
  const listed = process.platform === 'win32' ? listThroughPowerShell(pid) : listThroughPs(pid)
  return (await listed)[0] ?? null
}

async function listProcesses(): Promise<ProcessFacts[]> {
  if (process.platform === 'win32') return listThroughPowerShell()
  if (process.platform !== 'linux') return listThroughPs()
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  return (await Promise.all(pids.map(readProc))).filter((facts) => facts !== null)
}

// Only files that everyone may read: in containers root often lacks the capability to read
// another user's /proc/<pid>/exe and cwd. Fields of stat: proc_pid_stat(5).
async function readProc(pid: number): Promise<ProcessFacts | null> {
  try {
    const [stat, commandLine] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ])
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name may hold anything
    const [state, parent, started] = [fields[0], fields[1], fields[19]]
    if (!state || !started || 'ZXx'.includes(state)) return null
    const command = commandLine.replaceAll('\0', ' ').trim()
    return { pid, parent: Number(parent), started, command }
  } catch {
    return null
  }
}

const execute = promisify(execFile)

/** macOS, and any other Unix without Linux's /proc. All processes when `pid` is left out. */
async function listThroughPs(pid?: number): Promise<ProcessFacts[]> {
  const which = pid === undefined ? ['-ax'] : ['-p', String(pid)]
  const columns = ['-o', 'pid=,ppid=,stat=,lstart=,command=']
  const listing = await output('ps', ['-ww', ...which, ...columns])
  return listing.split('\n').flatMap((line) => {
    // 4712 1 Ss Mon Nov 23 21:08:05 2026 /path/postgres -D …
    const row = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+((?:\S+\s+){4}\d{4})\s+(.*)$/.exec(line)
    if (!row || row[3]?.startsWith('Z')) return []
    const started = String(row[4]).replace(/[\s:]+/g, '-')
    return [{ pid: Number(row[1]), parent: Number(row[2]), started, command: String(row[5]) }]
  })
}

/** Windows. All processes when `pid` is left out. */
async function listThroughPowerShell(pid?: number): Promise<ProcessFacts[]> {
  const filter = pid === undefined ? '' : ` -Filter 'ProcessId=${pid}'`
  const row =
    "'{0} {1} {2} {3}' -f $_.ProcessId,$_.ParentProcessId,$_.CreationDate.Ticks,$_.CommandLine"
  const script = `Get-CimInstance Win32_Process${filter} | ForEach-Object { ${row} }`
  const listing = await output('powershell.exe', ['-NoProfile', '-Command', script])
  return listing.split(/\r?\n/).flatMap((line) => {
    const found = /^(\d+) (\d+) (\d*) (.*)$/.exec(line)
    if (!found) return []
    const [, id, parent, started, command] = found
    return [
      { pid: Number(id), parent: Number(parent), started: `${started}`, command: `${command}` },
    ]
  })
}

/** Empty when the program fails, as `ps -p` does for a process that is gone. */
async function output(program: string, args: string[]): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C' }
  try {
    const { stdout } = await execute(program, args, {
      env,
      maxBuffer: LONG_LISTING_BYTES,
      windowsHide: true,
    })
    return stdout
  } catch {
    return ''
  }
}

/** The process that started a server or made a scratch folder. */
export interface Owner {
  pid: number
  started: string
}

/** This process as `<pid>.<started>`, for a server's arguments and for folder names. */
export async function ourselves(): Promise<string> {
  const facts = await inspectProcess(process.pid)
  return `${process.pid}.${facts?.started ?? ''}`
}

/** Reads the text of `ourselves`. */
export function parseOwner(text: string): Owner | null {
  const found = /^(\d+)\.([^\s.]*)$/.exec(text)
  return found ? { pid: Number(found[1]), started: String(found[2]) } : null
}

/** False as well when its pid now belongs to another process. */
export async function isAlive(owner: Owner): Promise<boolean> {
  const facts = await inspectProcess(owner.pid)
  return facts !== null && facts.started === owner.started
}

/**
 * The `cluster_name` of servers on this data folder, which PostgreSQL shows in the titles of all their
 * processes: those are ours to stop, no others are. The path is part of it, since a copied folder has the
 * same system identifier.
 */
export async function serverMarker(data: string): Promise<string> {
  const control = await open(join(data, 'global/pg_control'))
  try {
    const { buffer } = await control.read(Buffer.alloc(SYSTEM_IDENTIFIER_BYTES))
    const digest = createHash('sha256').update(buffer).update(data).digest('hex')
    return `undersigned-${digest.slice(0, 24)}`
  } finally {
    await control.close()
  }
}

/** The arguments by which `isServer` and `ownerOf` know a server. */
export function markingArguments(marker: string, owner: string): string[] {
  return ['-c', `cluster_name=${marker}`, '-c', `${OWNER_SETTING}=${owner}`]
}

export function isServer(found: ProcessFacts, marker: string): boolean {
  return found.command.includes(` cluster_name=${marker} `)
}

export function ownerOf(server: ProcessFacts): Owner | null {
  const text = server.command.split(` ${OWNER_SETTING}=`)[1]
  return text ? parseOwner(text.split(' ')[0] ?? '') : null
}

/** Processes of a server on this data folder that itself is gone (killed, out of memory). */
export async function findSurvivors(marker: string): Promise<ProcessFacts[]> {
  const all = await listProcesses()
  const servers = new Set(all.filter((found) => isServer(found, marker)).map(({ pid }) => pid))
  return all.filter(
    ({ command, parent }) => command.startsWith(`postgres: ${marker}: `) && !servers.has(parent),
  )
}

/** From `postmaster.pid`, which a running server keeps in its data folder. */
interface PostmasterFile {
  /** NaN while the file is being written, and when a full disk left it empty. */
  pid: number
  port: number
  /** True once it takes connections. */
  ready: boolean
}

/**
 * Lines as in PostgreSQL's utils/pidfile.h: pid, data folder, start time, port, socket folder,
 * listen address, shared memory key, status. A single-user backend writes its pid negative.
 */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(absent)
  if (text === null) return null
  const lines = text.split('\n')
  return {
    pid: Math.abs(Number.parseInt(lines[0] ?? '', 10)),
    port: Number(lines[3]),
    ready: lines[7]?.trim() === 'ready',
  }
}
