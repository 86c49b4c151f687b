import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { type ConnectionOptions, connect } from 'node:tls'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { CERTIFICATE } from '../doctor/certificate.ts'
import { startNginx } from '../scale/site/front.ts'
import { readDocumented } from '../scale/site/read-documented.ts'
import { openPlace } from './open-place.ts'

/** OpenSSL offers the old ones only where it is told so. */
const EVERYTHING = 'ALL:@SECLEVEL=0'

describe('nginx as docs/operating.md has it speaks', () => {
  let port: number
  const undo: (() => Promise<unknown>)[] = []
  before(async () => {
    const place = await openPlace()
    undo.push(() => place.remove())
    port = await freePort()
    const plain = await freePort()
    const cert = await place.write('cert.pem', CERTIFICATE.cert)
    const key = await place.write('key.pem', CERTIFICATE.key)
    const site = readDocumented('docs/operating.md', 'nginx', {
      'listen 443 ssl;': `listen 127.0.0.1:${port} ssl; listen 127.0.0.1:${plain};
        ssl_certificate ${cert}; ssl_certificate_key ${key};`,
      'http://127.0.0.1:3000': 'http://127.0.0.1:9',
      '/var/log/nginx/error.log crit': 'stderr crit',
    })
    const nginx = await startNginx(place, site, plain)
    undo.push(() => nginx.stop())
  })
  after(async () => {
    for (const step of undo.reverse()) await step()
  })

  /** @returns version and cipher, or null where none was agreed on */
  async function greet(options: ConnectionOptions): Promise<string | null> {
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'sign.test',
      ca: CERTIFICATE.ca,
      ciphers: EVERYTHING,
      ...options,
    })
    try {
      await once(socket, 'secureConnect')
      return `${socket.getProtocol()} ${socket.getCipher().name}`
    } catch {
      return null
    } finally {
      socket.destroy()
    }
  }

  const only = (version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') => ({
    minVersion: version,
    maxVersion: version,
  })

  it('TLS 1.2 and 1.3, the newer where both can', async () => {
    assert.match((await greet(only('TLSv1.2')))!, /^TLSv1\.2 ECDHE-/)
    assert.match((await greet({}))!, /^TLSv1\.3 /)
  })

  it('no older version', async () => {
    assert.equal(await greet(only('TLSv1.1')), null)
    assert.equal(await greet(only('TLSv1')), null)
  })

  it('no cipher without forward secrecy and authenticated encryption', async () => {
    const old = {
      ...only('TLSv1.2'),
      ciphers: `AES256-GCM-SHA384:ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0`,
    }
    assert.equal(await greet(old), null)
  })
})
