import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import { beginServer, untilReady } from '../site/begin.ts'
import type { ClusterPrograms } from '../site/find-programs.ts'
import type { Place } from '../site/place.ts'
import { USER } from '../site/postgres.ts'
import { readDocumented } from '../site/read-documented.ts'
import { untilHolds } from '../wait.ts'
import { createMachine, findPorts, type Machine } from './machine.ts'

const WHOLE_WITHIN_MS = 90_000
const ANSWERS_WITHIN_MS = 2000

/** Three PostgreSQL under Patroni, and HAProxy in front of them, as docs/scaling.md has them. */
export interface Cluster {
  machines: Machine[]
  /** HAProxy's ports. */
  primary: number
  replica: number
  /** Name of the machine that has the lease; null while nobody has. */
  findLeader(): Promise<Machine | null>
  /** Waits until all three run on one timeline, one of the standbys synchronous. @returns why not, after a while */
  untilWhole(): Promise<string | null>
}

/** One of /cluster of Patroni's REST API. */
interface Member {
  name: string
  role: string
  state: string
  timeline?: number
}

export async function startCluster(
  place: Place<ClusterPrograms>,
  undo: (() => Promise<unknown>)[],
): Promise<Cluster> {
  const passwords = {
    superuser: randomBytes(18).toString('hex'),
    replicator: randomBytes(18).toString('hex'),
    api: randomBytes(18).toString('hex'),
  }
  const ports = [await findPorts(), await findPorts(), await findPorts()]
  const machines: Machine[] = []
  for (const nth of ports.keys()) {
    const machine = await createMachine(place, ports, nth, passwords)
    undo.push(() => machine.stop())
    machine.start()
    machines.push(machine)
  }
  const primary = await freePort()
  const replica = await freePort()
  const proxy = await startProxy(place, machines, { primary, replica })
  undo.push(() => proxy.stop())

  async function members(): Promise<Member[]> {
    for (const { ports } of machines) {
      const answer = await fetch(`http://127.0.0.1:${ports.api}/cluster`, {
        signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      }).catch(() => null)
      if (answer?.ok) return ((await answer.json()) as { members: Member[] }).members
    }
    return []
  }

  async function isWhole(): Promise<boolean> {
    const all = await members().catch(() => [])
    const roles = all.map(({ role }) => role)
    return (
      all.length === machines.length &&
      roles.includes('leader') &&
      roles.includes('sync_standby') &&
      all.every(({ state }) => state === 'running' || state === 'streaming') &&
      new Set(all.map(({ timeline }) => timeline)).size === 1
    )
  }

  const cluster: Cluster = {
    machines,
    primary,
    replica,
    async findLeader() {
      const leader = (await members().catch(() => [])).find(({ role }) => role === 'leader')
      return machines.find(({ name }) => name === leader?.name) ?? null
    },
    async untilWhole() {
      if ((await untilHolds(WHOLE_WITHIN_MS, isWhole)) !== null) return null
      return `the cluster is not whole: ${JSON.stringify(await members())}`
    },
  }
  const why = await cluster.untilWhole()
  if (why) throw new Error(why)
  await createRole(primary, passwords.superuser, place.password)
  return cluster
}

async function createRole(port: number, superuser: string, password: string): Promise<void> {
  const client = new pg.Client(`postgres://postgres:${superuser}@127.0.0.1:${port}/postgres`)
  await client.connect()
  await client.query(`create role ${USER} login password '${password}'`)
  await client.query(`create database undersigned owner ${USER}`)
  await client.end()
}

async function startProxy(
  place: Place<ClusterPrograms>,
  machines: Machine[],
  own: { primary: number; replica: number },
) {
  const servers = machines.map(({ name, ports }, nth) => [
    `${name} 10.0.0.2${nth + 1}:5432 check port 8008`,
    `${name} 127.0.0.1:${ports.postgres} check port ${ports.api}`,
  ])
  const file = await place.write(
    'haproxy.cfg',
    readDocumented('docs/scaling.md', 'haproxy', {
      '127.0.0.1:5000': `127.0.0.1:${own.primary}`,
      '127.0.0.1:5001': `127.0.0.1:${own.replica}`,
      ...Object.fromEntries(servers),
    }),
  )
  const part = beginServer('haproxy', place.programs.haproxy, ['-db', '-f', file], {
    account: place.account,
    logFile: place.logFile('haproxy'),
    stopSignal: 'SIGUSR1',
  })
  await untilReady(part, async () => part.alive())
  return part
}
