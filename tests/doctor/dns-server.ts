import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'

const TYPES = { A: 1, MX: 15, TXT: 16, AAAA: 28 } as const
const NO_SUCH_NAME = 3
const SERVER_FAILURE = 2

/** Records by name and type; an MX is `10 mx.example`. A name with `fails` is answered with SERVFAIL. */
export type Zone = Record<
  string,
  Partial<Record<keyof typeof TYPES, string[]>> & { fails?: boolean }
>

export interface DnsServer {
  /** For `--resolver`. */
  address: string
  /** Asks this server alone. */
  resolver: Resolver
  /** How often it was asked. */
  asked(): number
  close(): Promise<void>
}

/** A DNS server on loopback, over UDP (RFC 1035); names that it lacks do not exist. */
export async function startDnsServer(zone: Zone): Promise<DnsServer> {
  const socket = createSocket('udp4')
  let asked = 0
  socket.on('message', (query, from) => {
    asked++
    socket.send(answer(query, zone), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const address = `127.0.0.1:${socket.address().port}`
  const resolver = new Resolver({ timeout: 1000, tries: 2 })
  resolver.setServers([address])
  return {
    address,
    resolver,
    asked: () => asked,
    close: () => new Promise<void>((resolve) => socket.close(resolve)),
  }
}

function answer(query: Buffer, zone: Zone): Buffer {
  const { name, end } = readName(query, 12)
  const type = query.readUInt16BE(end)
  const question = query.subarray(12, end + 4)
  const known = zone[name.toLowerCase()]
  const kind = (Object.keys(TYPES) as (keyof typeof TYPES)[]).find((each) => TYPES[each] === type)
  const values = (kind && known?.[kind]) ?? []
  const code = known?.fails ? SERVER_FAILURE : known ? 0 : NO_SUCH_NAME
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  // A recursive answer.
  header.writeUInt16BE(0x8180 | code, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(values.length, 6)
  return Buffer.concat([header, question, ...values.map((value) => record(kind!, value))])
}

function record(kind: keyof typeof TYPES, value: string): Buffer {
  const data = encode(kind, value)
  const head = Buffer.alloc(12)
  // The name of the question.
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(TYPES[kind], 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(60, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function encode(kind: keyof typeof TYPES, value: string): Buffer {
  if (kind === 'A') return Buffer.from(value.split('.').map(Number))
  if (kind === 'AAAA') return encodeIpv6(value)
  if (kind === 'TXT') {
    const pieces = value.match(/[\s\S]{1,255}/g) ?? ['']
    return Buffer.concat(pieces.map((piece) => Buffer.from([piece.length, ...Buffer.from(piece)])))
  }
  const [priority, exchange] = value.split(' ') as [string, string]
  const labels = exchange.split('.').filter(Boolean)
  const name = labels.flatMap((label) => [label.length, ...Buffer.from(label)])
  return Buffer.from([0, Number(priority), ...name, 0])
}

function encodeIpv6(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::')
  const groups = (part: string) => (part ? part.split(':') : [])
  const zeros = 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(zeros).fill('0'), ...groups(tail)]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

function readName(message: Buffer, from: number): { name: string; end: number } {
  const labels: string[] = []
  let at = from
  while (message[at] !== 0) {
    const length = message[at]!
    labels.push(message.subarray(at + 1, at + 1 + length).toString())
    at += length + 1
  }
  return { name: labels.join('.'), end: at + 1 }
}
