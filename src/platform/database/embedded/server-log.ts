import type { ChildProcess } from 'node:child_process'
import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { absent, faultLine } from './errors.ts'

const ROTATE_AT_BYTES = 5 * 1024 * 1024
const TAIL_BYTES = 16 * 1024

interface ServerLog {
  /** `stdio` of the server's standard output and standard error. */
  sink: 'pipe' | number
  attach(server: ChildProcess): void
  /** The line that names the fault, among those logged since `attach`. */
  fault(): Promise<string>
  close(): Promise<void>
}

/** Where the server's log goes: to `onLog`, else to DATA_DIR/postgres.log; never to the terminal. */
export function openServerLog(dataDir: string, onLog?: (line: string) => void) {
  return onLog ? logToCallback(onLog) : logToFile(join(dataDir, 'postgres.log'))
}

function logToCallback(onLog: (line: string) => void): ServerLog {
  let tail = ''
  return {
    sink: 'pipe',
    attach({ stdout, stderr }) {
      for (const stream of [stdout, stderr]) {
        if (!stream) continue
        createInterface(stream).on('line', (line) => {
          tail = `${tail}\n${line}`.slice(-TAIL_BYTES)
          onLog(line)
        })
        // A server must not keep a program alive that has nothing else to do.
        ;(stream as unknown as { unref(): void }).unref()
      }
    },
    fault: async () => faultLine(tail),
    close: async () => {},
  }
}

/** The server writes to the file itself, so its log goes on when this process is killed. */
async function logToFile(path: string): Promise<ServerLog> {
  const size = (await stat(path).catch(absent))?.size ?? 0
  if (size > ROTATE_AT_BYTES) await rename(path, `${path}.1`)
  const file = await open(path, 'a+', 0o600)
  let from = (await file.stat()).size
  return {
    sink: file.fd,
    attach() {},
    async fault() {
      const end = (await file.stat()).size
      from = Math.max(from, end - TAIL_BYTES)
      return faultLine(await readBetween(file, from, end))
    },
    close: () => file.close(),
  }
}

async function readBetween(file: FileHandle, from: number, end: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - from), 0, end - from, from)
  return buffer.toString('utf8', 0, bytesRead)
}
