import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import pino from 'pino'
import { hideAddresses, logOptions } from '../../src/platform/logger.ts'

function logged(write: (log: pino.Logger) => void): string {
  const lines: string[] = []
  write(pino(logOptions('info'), { write: (line: string) => lines.push(line) }))
  return lines.join('')
}

describe('the log', () => {
  it('of a request holds method and route, and nothing of the visitor', () => {
    const request = {
      method: 'GET',
      url: '/en/confirm/secret-token?x=leyla@example.org',
      routeOptions: { url: '/:lang/confirm/:token' },
      headers: { cookie: 'secret-cookie', 'user-agent': 'secret-agent' },
      ip: '203.0.113.9',
      socket: { remoteAddress: '203.0.113.9', remotePort: 4711 },
    }
    const line = logged((log) => log.info({ req: request }, 'incoming request'))
    assert.deepEqual(JSON.parse(line).req, { method: 'GET', route: '/:lang/confirm/:token' })
    assert.doesNotMatch(line, /secret|203\.0\.113|4711|leyla/)
  })

  it('of a request that no route takes holds the method', () => {
    const request = { method: 'GET', url: '//s//secret', routeOptions: {} }
    const line = logged((log) => log.info({ req: request }, 'request completed'))
    assert.deepEqual(JSON.parse(line).req, { method: 'GET', route: 'none' })
  })

  it('of whatever text is one line, and moves no terminal', () => {
    const text = 'one\r\n{"level":60,"msg":"forged"}\n\u001b[2J\u2028\u202e\u009b31m'
    const line = logged((log) => log.info({ text, err: new Error(text) }, text))
    assert.equal(line.split('\n').length, 2)
    assert.equal(line.at(-1), '\n')
    assert.doesNotMatch(line.slice(0, -1), /[\p{Cc}\p{Zl}\p{Zp}\u202e]/u)
    assert.equal(JSON.parse(line).text, text)
  })

  it('hides an address in any text', () => {
    assert.equal(
      hideAddresses('Key (email)=(leyla@example.org) and <a.b+c@пример.бел>, "x@y.z": taken'),
      'Key (email)=([address]) and <[address]>, "[address]": taken',
    )
    const local = fc.stringMatching(/^[\wа-я.+-]{1,12}$/)
    const around = fc.constantFrom(' ', '\n', '"', "'", '<', '>', '(', ')', ',', ';', ':', '')
    fc.assert(
      fc.property(local, around, around, (name, before, after) => {
        const text = hideAddresses(`to${before || ' '}${name}@example.org${after}`)
        assert.ok(!text.includes('@') && !text.includes(`${name}@`), text)
      }),
    )
  })

  it('of an error holds type, code, message and stack, without addresses or details', () => {
    const error = Object.assign(new TypeError('no mail to leyla@example.org'), {
      code: '23505',
      detail: 'Key (tag)=(leyla@example.org) already exists',
      where: 'secret-where',
      parameters: ['secret-parameter'],
    })
    const line = logged((log) => log.error({ err: error }, 'failed'))
    const { err } = JSON.parse(line)
    assert.deepEqual(Object.keys(err), ['type', 'code', 'message', 'stack'])
    assert.deepEqual(
      [err.type, err.code, err.message],
      ['TypeError', '23505', 'no mail to [address]'],
    )
    assert.match(err.stack, /logger\.test/)
    assert.doesNotMatch(line, /leyla|secret/)
  })

  it('hides what stands under a private name, down to the third level', () => {
    for (const name of [
      'name',
      'email',
      'to',
      'from',
      'postcode',
      'comment',
      'token',
      'password',
    ]) {
      const line = logged((log) => {
        log.info({ [name]: 'secret' })
        log.info({ mail: { [name]: 'secret' } })
        log.info({ job: { payload: { [name]: 'secret' } } })
      })
      assert.doesNotMatch(line, /secret/, name)
      assert.equal(line.split('[hidden]').length - 1, 3, name)
    }
  })

  it('does not name the machine or the process', () => {
    const line = JSON.parse(logged((log) => log.info('x')))
    assert.deepEqual(Object.keys(line).sort(), ['level', 'msg', 'time'])
  })
})
