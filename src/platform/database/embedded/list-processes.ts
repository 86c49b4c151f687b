import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ProcessFacts } from './inspect-process.ts'

const execute = promisify(execFile)
const LONG_LISTING_BYTES = 64 * 1024 * 1024

/** macOS, and any other Unix without Linux's /proc. All processes when `pid` is left out. */
export async function listThroughPs(pid?: number): Promise<ProcessFacts[]> {
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
export async function listThroughPowerShell(pid?: number): Promise<ProcessFacts[]> {
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
