import { readFileSync } from 'node:fs'
import { PAGE } from './speed/addresses.ts'
import { load } from './speed/http-load.ts'
import { openStage } from './speed/stage.ts'

/**
 * What made-up queries cost the program: npm run bench -- queries [requests]. The same page by one address, and with
 * another query in each request; processor time of one web process for a request, and its memory afterwards.
 */
const REQUESTS = Number(process.argv[2] ?? 20_000)
const CONNECTIONS = 16
const TICKS_A_SECOND = 100
const KINDS: Record<string, (nth: number) => string> = {
  'one address': () => PAGE,
  'an unknown parameter': (nth) => `${PAGE}?fbclid=made-up-${nth}`,
  '`?ref=`': (nth) => `${PAGE}?ref=made-up-${nth}`,
  '`?ref=` and `?source=`': (nth) => `${PAGE}?ref=made-up-${nth}&source=s${nth}`,
  'the withdrawal form': (nth) => `${PAGE}/withdraw?x=${nth}`,
  'the page on privacy': (nth) => `${PAGE}/privacy?x=${nth}`,
  'the list of petitions': (nth) => `/en/?x=${nth}`,
  'an older text': (nth) => `${PAGE}/versions/1?x=${nth}`,
  'no page': (nth) => `/en/made-up-${nth}`,
}

const stage = await openStage(null, { more: { WEB_PROCESSES: '1' } })
try {
  const pid = stage.web.pid!
  await ask(() => PAGE, 3000)
  console.log('| address | µs of processor time a request | times one address | memory after, MB |')
  console.log('|---|---|---|---|')
  let least = 0
  for (const [kind, address] of Object.entries(KINDS)) {
    const before = processorSeconds(pid)
    const statuses = await ask(address, REQUESTS)
    const each = ((processorSeconds(pid) - before) * 1e6) / REQUESTS
    least ||= each
    const cells = [kind, Math.round(each), (each / least).toFixed(1), Math.round(residentMb(pid))]
    console.log(`| ${cells.join(' | ')} |${JSON.stringify(statuses)}`)
  }
} finally {
  await stage.close()
}
process.exit(0)

async function ask(address: (nth: number) => string, requests: number) {
  let nth = 0
  const next = () => {
    if (nth >= requests) return null
    const head = `GET ${address(nth++)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n`
    return Buffer.from(head)
  }
  return (await load({ port: stage.port, connections: CONNECTIONS, next })).statuses
}

/** User and system time. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}

function residentMb(pid: number): number {
  const [, kB] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!
  return Number(kB) / 1024
}
