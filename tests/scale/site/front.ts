import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import { beginServer, type Part, untilReady } from './begin.ts'
import type { Programs } from './find-programs.ts'
import type { Place } from './place.ts'
import { USER } from './postgres.ts'
import { readDocumented } from './read-documented.ts'

/** PgBouncer between the nodes and the primary. */
export async function startPooler(
  place: Place,
  primary: { port: number },
): Promise<{ part: Part; url(database: string): string }> {
  const port = await freePort()
  const users = await place.write('userlist.txt', `"${USER}" "${place.password}"\n`)
  const configuration = readDocumented('docs/scaling.md', 'ini', {
    'host=10.0.0.21 port=5432': `host=127.0.0.1 port=${primary.port}`,
    'listen_port = 6432': `listen_port = ${port}`,
    '/etc/pgbouncer/userlist.txt': users,
  })
  const file = await place.write('pgbouncer.ini', configuration)
  const part = beginServer('pgbouncer', place.programs.pgbouncer, [file], {
    account: place.account,
    logFile: place.logFile('pgbouncer'),
    stopSignal: 'SIGINT',
  })
  const url = (database: string) =>
    `postgres://${USER}:${place.password}@127.0.0.1:${port}/${database}`
  await untilReady(part, async () => {
    const client = new pg.Client(url('undersigned'))
    await client.connect()
    await client.end()
    return true
  })
  return { part, url }
}

/** nginx in front of the webs; it begins before they do. @param more that the page says and that differs here */
export function startBalancer(
  place: Place<Pick<Programs, 'nginx'>>,
  ports: { own: number; webs: [number, number] },
  more: Record<string, string> = {},
): Promise<Part> {
  const site = readDocumented('docs/scaling.md', 'nginx', {
    '/var/cache/nginx/undersigned': join(place.folder, 'nginx', 'cache'),
    '10.0.0.11:3000': `127.0.0.1:${ports.webs[0]}`,
    '10.0.0.12:3000': `127.0.0.1:${ports.webs[1]}`,
    '127.0.0.1:8080': `127.0.0.1:${ports.own}`,
    '/var/log/nginx/error.log crit': 'stderr crit',
    // All signers here have one address.
    'rate=120r/m': 'rate=10000r/s',
    ...more,
  })
  return startNginx(place, site, ports.own)
}

/** @param site what stands within `http { }` */
export async function startNginx(
  place: Place<Pick<Programs, 'nginx'>>,
  site: string,
  port: number,
): Promise<Part> {
  const temporary = join(place.folder, 'nginx')
  await mkdir(temporary)
  if (place.account) await chown(temporary, place.account.uid, place.account.gid)
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(temporary, kind)};`,
  )
  const configuration = `
    daemon off;
    worker_processes 1;
    pid ${join(temporary, 'pid')};
    error_log stderr warn;
    events { worker_connections 1024; }
    http { ${folders.join('\n')}\n${site} }`
  const file = await place.write('nginx.conf', configuration)
  const part = beginServer('nginx', place.programs.nginx, ['-e', 'stderr', '-c', file], {
    account: place.account,
    logFile: place.logFile('nginx'),
  })
  await untilReady(part, async () => Boolean(await fetch(`http://127.0.0.1:${port}/healthz`)))
  return part
}
