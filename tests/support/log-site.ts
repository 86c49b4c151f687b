import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { countEntry, countOf, createCounter } from '../../src/log/core/entry/count-entries.ts'
import { parseEntry } from '../../src/log/core/entry/entry-line.ts'
import { formatVkey } from '../../src/log/core/note/note-key.ts'
import { type RunOptions, runVerify } from '../../src/offline/verify/run-verify.ts'
import { PATIENCE } from '../../src/offline/verify/source/get-bytes.ts'
import { writeVerdict } from '../../src/offline/verify/write-verdict.ts'
import { noProgress } from '../../src/platform/terminal/show-progress.ts'
import { logSigner, type MemoryLog } from '../log/core/support/memory-log.ts'
import { runProgram } from './program.ts'

export const vkey = formatVkey(logSigner.key)

/** A site with a log, as it would be served; a test changes what it likes. */
export interface LogSite {
  origin: string
  log: MemoryLog
  /** By path below /log/; null for one that isn't there. */
  changed: Map<string, Uint8Array | null>
  /** What the site says it counted beyond the log, by slug. */
  waiting: Record<string, number>
  vkey: string
  /** Answers instead of the site, for what it takes. */
  intercept: ((path: string, response: ServerResponse) => boolean) | null
  asked: string[]
  close(): Promise<void>
}

export async function startLogSite(log: MemoryLog): Promise<LogSite> {
  const server = createServer((request, response) => {
    const path = request.url!
    site.asked.push(path)
    if (site.intercept?.(path, response)) return
    const body = answer(site, path)
    response.writeHead(body ? 200 : 404).end(body ?? 'nothing here')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const site: LogSite = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    changed: new Map(),
    waiting: {},
    vkey,
    intercept: null,
    asked: [],
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return site
}

function answer(site: LogSite, path: string): Uint8Array | string | null {
  if (path === '/api/v1/petitions') return claims(site)
  if (!path.startsWith('/log/')) return null
  const name = path.slice('/log/'.length)
  const changed = site.changed.get(name)
  if (changed !== undefined) return changed
  if (name === 'checkpoint') return site.log.checkpoint
  if (name === 'vkey') return `${site.vkey}\n`
  return site.log.files.get(name) ?? null
}

function claims({ log, waiting }: LogSite): string {
  const counter = createCounter()
  for (const entry of log.entries) countEntry(counter, parseEntry(entry))
  const petitions = [...counter.petitions.keys()].map((slug) => {
    const certified = countOf(counter, slug)
    const counted = certified + (waiting[slug] ?? 0)
    return {
      slug,
      signatures: { counted },
      log: { certified, size: log.entries.length, interval: 5 },
    }
  })
  return JSON.stringify({ petitions })
}

/** Runs the verb behind the command, in this process. */
export async function verifySite(
  at: string,
  options: Partial<RunOptions> & { stateFolder: string },
): Promise<{ ok: boolean; verdict: string; text: string; evidence: string | null }> {
  const { verdict, evidence } = await runVerify(at, {
    keep: null,
    fresh: false,
    vkey: null,
    witnesses: [],
    http: { signal: new AbortController().signal, patience: { ...PATIENCE, tries: 1 } },
    beginProgress: () => noProgress,
    ...options,
  })
  const text = writeVerdict(verdict).join('\n')
  return { ok: verdict.ok, verdict: verdict.verdict, text, evidence }
}

/** Runs the command as a person would. */
export async function verify(
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const { ended } = runProgram(['verify', ...args], {})
  const { code, output, errors } = await ended
  return { code, out: output, err: errors }
}
