import { readdir, readFile } from 'node:fs/promises'
import { listThroughPowerShell, listThroughPs } from './list-processes.ts'

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

export async function listProcesses(): Promise<ProcessFacts[]> {
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
