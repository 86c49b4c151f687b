import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import { beginServer, type Part } from '../site/begin.ts'
import type { ClusterPrograms } from '../site/find-programs.ts'
import type { Place } from '../site/place.ts'
import { readDocumented } from '../site/read-documented.ts'

const PAGE = 'docs/scaling.md'

/** Where one of the three machines of docs/scaling.md is reached on this one. */
export interface Ports {
  postgres: number
  /** Patroni's REST API. */
  api: number
  etcd: number
  etcdPeers: number
}

export const findPorts = async (): Promise<Ports> => ({
  postgres: await freePort(),
  api: await freePort(),
  etcd: await freePort(),
  etcdPeers: await freePort(),
})

/** etcd, Patroni and the PostgreSQL that Patroni starts. */
export interface Machine {
  name: string
  ports: Ports
  start(): void
  /** All three are gone at once. */
  loseEverything(): Promise<void>
  /** Patroni finds its PostgreSQL dead. */
  losePostgres(): void
  /** Everything stands still, and keeps its connections. */
  freeze(): void
  thaw(): void
  /** Patroni ends its PostgreSQL itself. */
  stop(): Promise<void>
}

/** @param nth of the three, from 0 */
export async function createMachine(
  place: Place<ClusterPrograms>,
  all: Ports[],
  nth: number,
  passwords: Record<'superuser' | 'replicator' | 'api', string>,
): Promise<Machine> {
  const name = `pg${nth + 1}`
  const ports = all[nth]!
  const data = join(place.folder, name)
  const etcdFile = await place.write(`${name}-etcd.yml`, documentEtcd(place, all, nth))
  const patroniFile = await place.write(
    `${name}-patroni.yml`,
    readDocumented(
      PAGE,
      'yaml',
      {
        'name: pg1': `name: ${name}`,
        '[10.0.0.21:2379, 10.0.0.22:2379, 10.0.0.23:2379]': `[${all.map(({ etcd }) => `127.0.0.1:${etcd}`)}]`,
        '10.0.0.21:8008': `127.0.0.1:${ports.api}`,
        '10.0.0.21:5432': `127.0.0.1:${ports.postgres}`,
        '10.0.0.0/24': '127.0.0.1/32',
        '/var/lib/postgresql/15/undersigned': data,
        '/usr/lib/postgresql/15/bin': place.programs.postgres,
        '/var/lib/postgresql/pgpass-of-patroni': join(place.folder, `${name}-pgpass`),
        '/var/run/postgresql': place.folder,
        'its-password': passwords.superuser,
        'another-password': passwords.replicator,
        'a-third-password': passwords.api,
      },
      1,
    ),
  )
  let etcd: Part | null = null
  let patroni: Part | null = null
  let frozen: number[] = []

  const begin = (what: 'etcd' | 'patroni', args: string[]) =>
    beginServer(`${what} of ${name}`, place.programs[what], args, {
      account: place.account,
      logFile: place.logFile(`${name}-${what}`),
    })
  const postmaster = () =>
    Number(readFileSync(join(data, 'postmaster.pid'), 'latin1').split('\n')[0])

  const machine: Machine = {
    name,
    ports,
    start() {
      if (!etcd?.alive()) etcd = begin('etcd', ['--config-file', etcdFile])
      if (!patroni?.alive()) patroni = begin('patroni', [patroniFile])
    },
    async loseEverything() {
      const server = postmaster()
      // Patroni first: it would start PostgreSQL again.
      const ended = [patroni!.kill(), etcd!.kill()]
      // Its processes end with the postmaster, by themselves.
      process.kill(server, 'SIGKILL')
      await Promise.all(ended)
    },
    losePostgres: () => void process.kill(postmaster(), 'SIGKILL'),
    freeze() {
      const server = postmaster()
      process.kill(server, 'SIGSTOP')
      frozen = [server, ...childrenOf(server), patroni!.pid]
      for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    },
    thaw() {
      for (const pid of frozen.splice(0)) endProcess(() => pid, 'SIGCONT')
    },
    async stop() {
      machine.thaw()
      await patroni?.stop()
      // A Patroni that had to be killed leaves it behind.
      endProcess(postmaster, 'SIGQUIT')
      await etcd?.stop()
    },
  }
  return machine
}

/** One that has ended already needs no more. */
function endProcess(find: () => number, signal: NodeJS.Signals): void {
  try {
    process.kill(find(), signal)
  } catch {}
}

function documentEtcd(place: Place<ClusterPrograms>, all: Ports[], nth: number): string {
  const ports = all[nth]!
  return readDocumented(PAGE, 'yaml', {
    'name: pg1': `name: pg${nth + 1}`,
    '/var/lib/etcd/undersigned': join(place.folder, `pg${nth + 1}-etcd`),
    'listen-peer-urls: http://10.0.0.21:2380': `listen-peer-urls: http://127.0.0.1:${ports.etcdPeers}`,
    'advertise-peer-urls: http://10.0.0.21:2380': `advertise-peer-urls: http://127.0.0.1:${ports.etcdPeers}`,
    '10.0.0.21:2379': `127.0.0.1:${ports.etcd}`,
    '10.0.0.21:2380': `127.0.0.1:${all[0]!.etcdPeers}`,
    '10.0.0.22:2380': `127.0.0.1:${all[1]!.etcdPeers}`,
    '10.0.0.23:2380': `127.0.0.1:${all[2]!.etcdPeers}`,
  })
}

/** The processes that a postmaster has started (proc(5): the fourth field of stat). */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
      } catch {
        return false
      }
    })
    .map(Number)
}
