import { readdir, readFile } from 'node:fs/promises'
import type { Role } from '../../../src/start.ts'
import { beginNode, type Part, untilReady } from '../../scale/site/begin.ts'
import { wait } from '../../scale/wait.ts'

/** As long as systemd waits before it starts a service again. */
const RESTART_AFTER_MS = 500
const WORDS = 600

/** A process of the program, with a supervisor that starts it again when it ends by itself. */
export interface Node {
  name: string
  role: Role
  /** Where it answers; null for a worker. */
  origin: string | null
  dataDir: string
  part: Part
  /** The last words of each time it ended without being asked to. */
  deaths: string[]
  /** `kill -9`; it stays away until `start`. */
  kill(): Promise<void>
  /** SIGTERM. @returns milliseconds until it was gone */
  stop(): Promise<number>
  /** Resolves when it says that it runs. */
  start(): Promise<void>
  /** SIGSTOP: it stands still and keeps all that it holds. */
  freeze(): void
  thaw(): void
  weigh(): Promise<Weight>
}

/** What a process holds. */
interface Weight {
  megabytes: number
  /** Open files and sockets. */
  handles: number
}

interface NodeNeeds {
  name: string
  role: Role
  origin: string | null
  environment: Record<string, string>
  dataDir: string
  logFile: string
}

export function makeNode({ name, role, origin, environment, dataDir, logFile }: NodeNeeds): Node {
  let wanted = false
  const node: Node = {
    name,
    role,
    origin,
    dataDir,
    part: begin(),
    deaths: [],
    async kill() {
      wanted = false
      await node.part.kill()
    },
    async stop() {
      wanted = false
      const begun = performance.now()
      await node.part.stop()
      return performance.now() - begun
    },
    async start() {
      if (!node.part.alive()) node.part = begin()
      await untilReady(node.part, async () => node.part.output().includes('Ctrl-C'))
    },
    freeze: () => void process.kill(node.part.pid, 'SIGSTOP'),
    thaw: () => void process.kill(node.part.pid, 'SIGCONT'),
    weigh: () => weigh(node.part.pid),
  }
  return node

  function begin(): Part {
    wanted = true
    const part = beginNode(name, role, environment, logFile)
    void part.ended.then(async () => {
      if (!wanted || part !== node.part) return
      node.deaths.push(part.output().trim().slice(-WORDS))
      await wait(RESTART_AFTER_MS)
      if (wanted && part === node.part) node.part = begin()
    })
    return part
  }
}

/** On Linux, by what the kernel says. */
async function weigh(pid: number): Promise<Weight> {
  const [status, handles] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readdir(`/proc/${pid}/fd`),
  ])
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1])
  return { megabytes: kilobytes / 1024, handles: handles.length }
}
