import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { keepRate } from '../scale/load/keep-rate.ts'
import { startBalancer } from '../scale/site/front.ts'
import { type Program, runProgram } from '../support/program.ts'
import { form } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { createTestDatabase, runSql, type TestDatabase } from '../support/test-database.ts'
import { until } from '../support/until.ts'
import { openPlace } from './open-place.ts'

/** The page has 10 s, and 5 s for nginx's idle connections. */
const DRAIN_SECONDS = '3'
const IDLE = '1s'
/** As the page says: longer than nginx leaves a node alone. */
const BETWEEN_NODES_MS = 3000
const FORMS_A_SECOND = 5
const READERS_A_SECOND = 5
const PAGE = '/en/p/cop29-baku'

interface Node {
  port: number
  program: Program
  environment: Record<string, string>
}

describe('two nodes restarted one after the other, as docs/scaling.md says', () => {
  let database: TestDatabase
  let origin: string
  const nodes: Node[] = []
  const undo: (() => Promise<unknown>)[] = []
  const agent = new Agent({ keepAlive: true })

  before(async () => {
    database = await createTestDatabase()
    undo.push(() => database.drop())
    const folder = temporaryFolder()
    const ports: [number, number] = [await freePort(), await freePort()]
    const own = await freePort()
    origin = `http://127.0.0.1:${own}`
    for (const port of ports) {
      const environment = {
        DATABASE_URL: database.url,
        DATA_DIR: folder,
        SMTP_URL: 'smtp://127.0.0.1:1',
        PUBLIC_URL: origin,
        TRUST_PROXY: '127.0.0.1',
        DRAIN_SECONDS,
        PORT: String(port),
      }
      const node = { port, environment, program: runProgram(['web'], environment) }
      nodes.push(node)
      undo.push(() => stop(node.program))
      await node.program.untilRunning()
    }
    const place = await openPlace()
    undo.push(() => place.remove())
    const balancer = await startBalancer(
      place,
      { own, webs: ports },
      { 'keepalive_timeout 5s': `keepalive_timeout ${IDLE}` },
    )
    undo.push(() => balancer.stop())
  })
  after(async () => {
    agent.destroy()
    for (const step of undo.reverse()) await step()
  })

  async function stop(program: Program): Promise<void> {
    program.child.kill('SIGTERM')
    await program.ended
  }

  async function restart(node: Node): Promise<void> {
    const asked = performance.now()
    await stop(node.program)
    assert.ok(performance.now() - asked >= 1000, 'it drained')
    node.program = runProgram(['web'], node.environment)
    await node.program.untilRunning()
    const url = `http://127.0.0.1:${node.port}/readyz`
    await until(async () => (await fetch(url, { headers: { connection: 'close' } })).ok)
    await setTimeout(BETWEEN_NODES_MS)
  }

  async function ask(path: string, body?: string): Promise<string> {
    const sent = request(`${origin}${path}`, { agent, method: body ? 'POST' : 'GET' })
    if (body) sent.setHeader('content-type', 'application/x-www-form-urlencoded')
    sent.end(body)
    try {
      const [response] = await once(sent, 'response')
      response.resume()
      await once(response, 'end')
      // A machine that is short of breath may say that it is busy; a node that stops must not.
      const isBusy = response.statusCode === 503 && response.headers['retry-after'] !== undefined
      return isBusy ? 'busy' : `${sent.method} ${response.statusCode}`
    } catch (error) {
      return `${sent.method} ${(error as NodeJS.ErrnoException).code}`
    }
  }

  it('lose nobody a page or a form', { timeout: 240_000 }, async () => {
    const outcomes = new Map<string, number>()
    const note = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    const over = new AbortController()
    const load = Promise.all([
      keepRate(READERS_A_SECOND, over.signal, async (nth) =>
        note(await ask(`${PAGE}?source=reader${nth}`)),
      ),
      keepRate(FORMS_A_SECOND, over.signal, async (nth) => {
        const fields = form({ email: `signer-${nth}@example.org` })
        note(await ask(`${PAGE}/signatures`, new URLSearchParams(fields).toString()))
      }),
    ])
    try {
      await setTimeout(500)
      for (const node of nodes) await restart(node)
    } finally {
      over.abort()
      await load
    }
    const found = JSON.stringify([...outcomes])
    outcomes.delete('busy')
    assert.deepEqual([...outcomes.keys()].sort(), ['GET 200', 'POST 303'], found)
    const { rows } = await runSql(database.url, 'select count(*)::int as count from submission')
    assert.ok(rows[0].count >= outcomes.get('POST 303')!, `${rows[0].count} rows, ${found}`)
  })
})
