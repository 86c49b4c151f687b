import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import { mailerTo, mailTo, sendBy } from '../../support/mailer.ts'
import { OWN_AUTHORITY } from '../../support/own-authority.ts'
import { startScriptedServer } from '../../support/scripted-server.ts'
import { startUnrulyMailServer } from '../../support/unruly-mail-server.ts'

describe('a mail server that can’t be used', () => {
  async function troubleWith(url: string): Promise<string> {
    const mailer = mailerTo(url)
    const found = await mailer.check()
    const sent = await sendBy(mailer, mailTo('ann@example.org'))
    mailer.close()
    assert.ok(sent.outcome === 'later')
    assert.equal(sent.later, found, 'a mail meets what the look before found')
    assert.doesNotMatch(found!, /\bE[A-Z]{4,}\b/, 'words, no codes')
    return found!
  }

  async function withSmtp(options: SMTPServerOptions, work: (port: number) => Promise<void>) {
    const smtp = new SMTPServer({ disableReverseLookup: true, ...options })
    smtp.on('error', () => {})
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()))
    try {
      await work((smtp.server.address() as AddressInfo).port)
    } finally {
      await new Promise<void>((resolve) => smtp.close(() => resolve()))
    }
  }

  it('because nothing listens there', async () => {
    const found = await troubleWith(`smtp://127.0.0.1:${await freePort()}`)
    assert.match(found, /connection refused.*host and port in SMTP_URL/)
  })

  it('because there is no such name', async () => {
    assert.match(await troubleWith('smtp://no-such-host.invalid'), /name .*SMTP_URL/)
  })

  it('because it never greets', async () => {
    const server = await startScriptedServer({ CONNECT: '' })
    const found = await troubleWith(`${server.url}?connectionTimeout=1500`)
    assert.match(found, /greeting took too long.*connectionTimeout/)
    await server.close()
  })

  it('yet is used once it greets, however late that is', async () => {
    const server = await startUnrulyMailServer()
    server.behave((step) => (step === 'CONNECT' ? { afterMs: 2500 } : undefined))
    const mailer = mailerTo(server.url)
    const sent = await Promise.all(
      Array.from({ length: 8 }, (_, nth) => sendBy(mailer, mailTo(`signer-${nth}@example.org`))),
    )
    mailer.close()
    assert.ok(sent.every(({ outcome }) => outcome === 'accepted'))
    assert.equal(server.taken.length, 8)
    await server.goAway()
  })

  it('because it speaks something else, or no TLS', async () => {
    const server = await startScriptedServer({ CONNECT: 'SSH-2.0-OpenSSH_9.6' })
    assert.match(await troubleWith(server.url), /speaks no SMTP.*SMTP_URL/)
    server.answer({})
    const secure = server.url.replace('smtp:', 'smtps:')
    assert.match(await troubleWith(secure), /speaks no TLS at this port.*smtp:\/\//)
    assert.match(await troubleWith(`${server.url}?requireTLS=true`), /offers no TLS.*requireTLS/)
    await server.close()
  })

  it('because its certificate is not trusted, by STARTTLS and at once', async () => {
    for (const secure of [false, true]) {
      await withSmtp({ secure, authOptional: true }, async (port) => {
        const found = await troubleWith(`${secure ? 'smtps' : 'smtp'}://localhost:${port}`)
        assert.match(found, /^the mail server's certificate .*(?:SMTP_CA|renew)/)
      })
    }
  })

  it('because it offers no login but CRAM-MD5, to which nothing is said', async () => {
    const server = await startScriptedServer({
      EHLO: '250-scripted\r\n250 AUTH CRAM-MD5',
      AUTH: '334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+',
    })
    const found = await troubleWith(server.url.replace('//', '//user:hunter2@'))
    assert.match(found, /offers no login but CRAM-MD5/)
    assert.deepEqual(
      server.heard.filter((line) => !/^(?:EHLO|QUIT)/.test(line)),
      [],
    )
    server.answer({ EHLO: '250-scripted\r\n250 AUTH CRAM-MD5 PLAIN', AUTH: '235 2.7.0 ok' })
    const mailer = mailerTo(server.url.replace('//', '//user:hunter2@'))
    assert.equal(await mailer.check(), null)
    mailer.close()
    assert.ok(server.heard.some((line) => line.startsWith('AUTH PLAIN ')))
    await server.close()
  })

  it('because it is elsewhere and has no TLS, unless SMTP_URL allows that or it is on this machine', async () => {
    const server = await startScriptedServer()
    // The C library takes it for 127.0.0.1, and the program for another machine.
    const elsewhere = server.url.replace('127.0.0.1', '127.1')
    const check = async (url: string, tlsOnly: boolean) => {
      const mailer = mailerTo(url, { tlsOnly })
      const [found, sent] = [await mailer.check(), await sendBy(mailer, mailTo('ann@example.org'))]
      mailer.close()
      return found ?? sent.outcome
    }
    assert.match(await check(elsewhere, true), /offers no TLS, which production .*requireTLS=false/)
    assert.equal(server.heard.filter((line) => line.startsWith('MAIL')).length, 0)
    assert.equal(await check(`${elsewhere}?requireTLS=false`, true), 'accepted')
    assert.equal(await check(elsewhere, false), 'accepted')
    assert.equal(await check(server.url, true), 'accepted')
    await server.close()
  })

  it('because another authority vouches for it than the operator’s own', async () => {
    const { ca, other, server: cert, serverKey: key } = OWN_AUTHORITY
    await withSmtp({ cert, key, authOptional: true }, async (port) => {
      const check = async (authority: string | null) => {
        const mailer = mailerTo(`smtp://localhost:${port}`, { ca: authority, tlsOnly: true })
        return mailer.check().finally(() => mailer.close())
      }
      assert.equal(await check(ca), null)
      for (const authority of [other, null]) {
        assert.match((await check(authority))!, /certificate is not trusted: let SMTP_CA name/)
      }
    })
  })

  it('because it takes no such login, or asks for one', async () => {
    const onAuth: SMTPServerOptions['onAuth'] = (_auth, _session, done) => done(new Error('no'))
    const plain = { allowInsecureAuth: true, disabledCommands: ['STARTTLS'] }
    await withSmtp({ ...plain, onAuth }, async (port) => {
      const found = await troubleWith(`smtp://user:wrong@127.0.0.1:${port}`)
      assert.match(found, /refused the login.*SMTP_URL.*\(535\)/)
      const mailer = mailerTo(`smtp://127.0.0.1:${port}`)
      const sent = await sendBy(mailer, mailTo('ann@example.org'))
      mailer.close()
      assert.match(sent.outcome === 'later' ? sent.later : '', /asks for a login: put user/)
    })
  })
})
