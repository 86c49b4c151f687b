import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import Fastify, { type FastifyBaseLogger } from 'fastify'
import pino from 'pino'
import { logOptions } from '../../src/platform/logger.ts'
import { HttpError, handleErrors, plainMessages } from '../../src/platform/web/http-error.ts'

const SECRET = 'postgres://undersigned:password@db of leyla@example.org'

function open(renderPage: () => Promise<string>) {
  const lines: string[] = []
  const stream = { write: (line: string) => void lines.push(line) }
  const logger: FastifyBaseLogger = pino(logOptions('info'), stream)
  const app = Fastify({ loggerInstance: logger })
  handleErrors(app, renderPage)
  const fail = async () => {
    throw Object.assign(new TypeError(SECRET), { code: 'EVIL', detail: SECRET })
  }
  for (const path of ['/page', '/api/v1/page', '/log/page']) app.get(path, fail)
  app.get('/decided', async () => {
    throw new HttpError(403, 'this is refused')
  })
  const alarms = () => lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50)
  return { app, alarms }
}

describe('an error that nobody expected', () => {
  it('tells the reader nothing of itself, as a page and as JSON', async () => {
    const { app } = open(async () => '<p>something went wrong</p>')
    for (const path of ['/page', '/api/v1/page', '/log/page']) {
      const { statusCode, body, headers } = await app.inject(path)
      assert.equal(statusCode, 500)
      assert.equal(headers['cache-control'], 'no-store')
      assert.doesNotMatch(body, /postgres|password|leyla|EVIL|TypeError|\.ts:/, path)
    }
    await app.close()
  })

  it('is an alarm in the log, with its stack and without an address', async () => {
    const { app, alarms } = open(async () => '')
    await app.inject('/page')
    await app.inject('/decided')
    assert.equal(alarms().length, 1)
    const [{ msg, err, reqId }] = alarms()
    assert.equal(msg, 'request failed')
    assert.ok(reqId)
    assert.equal(err.code, 'EVIL')
    assert.match(err.stack, /http-error\.test\.ts/)
    assert.doesNotMatch(JSON.stringify(err), /leyla|detail/)
    await app.close()
  })

  it('whose page can’t be made is one sentence', async () => {
    const { app, alarms } = open(() => Promise.reject(new Error('no template')))
    const { statusCode, body } = await app.inject('/page')
    assert.equal(statusCode, 500)
    assert.equal(body, plainMessages[500])
    assert.equal(alarms().length, 2)
    await app.close()
  })
})
