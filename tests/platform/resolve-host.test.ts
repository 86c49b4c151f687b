import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { after, describe, it } from 'node:test'
import { postOutside } from '../../src/platform/post-outside.ts'
import { resolveHost } from '../../src/platform/resolve-host.ts'

const TYPES = { A: 1, AAAA: 28 }
const FOUND = 0x8180
const REFUSED = 0x8185
const NAMES = 12

describe('the addresses of a host', () => {
  const closing: (() => void)[] = []
  after(() => {
    for (const close of closing) close()
  })
  /** A name server, by RFC 1035. @param answer the address; null: refused; undefined: silence */
  async function serve(answer: (name: string, type: number) => Buffer | null | undefined) {
    const socket = createSocket('udp4')
    let asked = 0
    socket.on('message', (question, { port }) => {
      asked++
      const { name, end } = readName(question)
      const type = question.readUInt16BE(end)
      const address = answer(name, type)
      if (address !== undefined)
        socket.send(write(question.subarray(0, end + 4), type, address), port)
    })
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    closing.push(() => socket.close())
    return { server: `127.0.0.1:${socket.address().port}`, asked: () => asked }
  }
  const ask = (host: string, server: string, withinMs = 20_000) =>
    resolveHost(host, AbortSignal.timeout(withinMs), [server])

  it('are those of both families, or of the one that is answered', async () => {
    const { server } = await serve((name, type) => {
      if (type === TYPES.A) return name === 'six.example' ? null : Buffer.from([192, 0, 2, 7])
      return name === 'four.example' ? null : Buffer.from('20010db8000000000000000000000007', 'hex')
    })
    assert.deepEqual(await ask('both.example', server), ['192.0.2.7', '2001:db8::7'])
    assert.deepEqual(await ask('four.example', server), ['192.0.2.7'])
    assert.deepEqual(await ask('six.example', server), ['2001:db8::7'])
  })

  it('are none where the name server refuses, and no file of this machine is asked', async () => {
    const names: string[] = []
    const { server } = await serve((name) => {
      names.push(name)
      return null
    })
    assert.deepEqual(await ask('none.example', server), [])
    assert.deepEqual(await ask('ip6-loopback', server), [])
    assert.deepEqual([...new Set(names)], ['none.example', 'ip6-loopback'])
    assert.deepEqual(await ask('localhost', server), ['127.0.0.1', '::1'])
    assert.deepEqual(await ask('db.localhost', server), ['127.0.0.1', '::1'])
    assert.ok(!names.includes('localhost'))
  })

  it('keep no thread busy while a hostile name server is silent, and are given up in time', async () => {
    const { server, asked } = await serve(() => undefined)
    const began = performance.now()
    const hosts = Array.from({ length: NAMES }, (_, nth) => `silent${nth}.example`)
    let ended = 0
    const posted = hosts.map((host) =>
      postOutside(
        new URL(`https://${host}/`),
        { headers: {}, body: '' },
        { allowLoopback: false, withinMs: 3000, resolve: (name, signal) => resolveHost(name, signal, [server]) }, // biome-ignore format: one line
      ).finally(() => ended++),
    )
    // Both go through libuv's threads, of which there are four.
    await readFile('package.json')
    await new Promise((resolve) => lookup('localhost', resolve))
    assert.equal(ended, 0)
    for (const outcome of await Promise.all(posted)) assert.ok('why' in outcome)
    assert.ok(asked() >= NAMES)
    assert.ok(performance.now() - began < 15_000)
  })
})

function readName(message: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = 12
  while (message[at] !== 0) {
    const length = message[at]!
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

/** The question again, and behind it one record, or none. */
function write(question: Buffer, type: number, address: Buffer | null): Buffer {
  const head = Buffer.from(question)
  head.writeUInt16BE(address ? FOUND : REFUSED, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(address ? 1 : 0, 6)
  head.writeUInt32BE(0, 8)
  if (!address) return head
  // The name is the question's, at byte 12; class IN; a time to live of a minute.
  const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, address.length])
  return Buffer.concat([head, record, address])
}
