import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { buildApp } from '../../src/app.ts'
import { makeToken, type TokenPurpose } from '../../src/platform/link-token.ts'
import { newId } from '../../src/platform/random-id.ts'
import { readAssets } from '../../src/platform/web/assets.ts'
import { securityHeaders } from '../../src/platform/web/security-headers.ts'
import { personalCode } from '../../src/sharing/share-code.ts'
import { useHarness } from '../support/harness.ts'
import { type Answer, assertGuarded } from '../support/raw-http.ts'
import { signAndConfirm, signAndOpenMail } from '../support/signer.ts'
import { exchange } from './exchange.ts'
import { PATTERNS, POSTED } from './make-path.ts'
import { type FuzzRequest, makeRequest } from './make-request.ts'
import { createRandom } from './random.ts'

/** `npm run fuzz` asks for more, with seeds of its own. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 4000)
const SEED = Number(process.env.FUZZ_SEED ?? 1)
const CONNECTIONS = 8
const PIPELINED = 12
/** Server, client and log in one process, from the first quarter on: V8 takes and gives back some. */
const MOST_GROWN_MB = 150
/** So many tell what is wrong. */
const MAX_FAULTS = 20
const ORIGIN = 'http://petitions.test'
const OF_A_PICTURE = /^default-src 'none'(?:; style-src 'sha256-[\w+/=]{44}')?$/
const IN_A_FRAME = /^[A-Z]+ \S{0,200}embed/i
const PURPOSES: TokenPurpose[] = ['confirm', 'withdraw', 'unsubscribe', 'imported', 'receipt']

describe('whatever is sent', () => {
  const harness = useHarness({ TRUST_PROXY: 'true', LIMITS: 'off' })
  let requests: () => FuzzRequest
  /** What opens something: not for the log. */
  let secrets: string[]

  before(async () => {
    // What a proxy says of its client is read, too.
    await signAndConfirm(harness, { email: 'confirmed@example.org', updates: 'yes' })
    await signAndOpenMail(harness, { email: 'pending@example.org' })
    await harness.sequence()
    const random = createRandom(SEED)
    const { keyring, db } = harness.site
    const rows = [
      ...(await db.selectFrom('signature').select(['id', 'address']).execute()),
      ...(await db.selectFrom('submission').select(['id', 'address']).execute()),
      ...(await db.selectFrom('subscriber').select(['id', 'tag as address']).execute()),
      { id: newId(), address: null },
    ]
    const ids = rows.map(({ id }) => id)
    const known = {
      slug: 'cop29-baku',
      tokens: PURPOSES.flatMap((purpose) => rows.map((row) => makeToken(keyring, purpose, row))),
      codes: [...ids.map((id) => personalCode(keyring, 1, id)), personalCode(keyring, 99, '1')],
      assets: readdirSync(readAssets().folder),
    }
    secrets = [...known.tokens, ...known.codes]
    requests = () => makeRequest(random, known)
  })

  it('goes to every route that the site has', async () => {
    const app = await buildApp(harness.site)
    await app.ready()
    const routes = listRoutes(app.printRoutes({ commonPrefix: false }))
    await app.close()
    assert.ok(routes.length > 50)
    const known = (method: string, patterns: string[]) =>
      patterns.map((pattern) => `${method} ${nameless(pattern)}`)
    const asked = new Set([...known('GET', PATTERNS), ...known('POST', POSTED)])
    const unknown = routes.filter((route) => /^(?:GET|POST) /.test(route) && !asked.has(route))
    assert.deepEqual(unknown, [], 'add them to tests/fuzz/make-path.ts')
  })

  it(`is answered with less than 500, or told to come back for a poster, and with all headers; the log holds no alarm and no secret (seed ${SEED})`, async () => {
    const port = Number(new URL(harness.origin).port)
    const faults: string[] = []
    const statuses = new Map<number, number>()
    let made = 0
    let answered = 0

    async function ask(batch: FuzzRequest[]): Promise<void> {
      const answers = await exchange(port, batch).catch((error: Error) => error)
      if (answers instanceof Error) {
        faults.push(`${answers.message}: ${show(batch)}`)
        return
      }
      // What a lying length leaves over may be taken for one more request.
      for (const [at, answer] of answers.slice(0, batch.length).entries()) {
        answered++
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        const fault = faultOf(answer, batch[at]!)
        if (fault) faults.push(`${fault}: ${show([batch[at]!])}`)
      }
      for (const line of harness.logged.splice(0)) {
        const isBad =
          JSON.parse(line).level >= 50 || secrets.some((secret) => line.includes(secret))
        if (isBad) faults.push(`${line} around ${show(batch)}`)
      }
      const unanswered = batch.slice(answers.length)
      if (unanswered.length === 0) return
      if (batch.length === 1) {
        faults.push(`no answer: ${show(batch)}`)
        return
      }
      // Behind one that closed the connection: each on its own, so that each has its answer.
      for (const request of unanswered) await ask([request])
    }

    let warm = 0
    async function askInTurn(): Promise<void> {
      while (made < REQUESTS && faults.length < MAX_FAULTS) {
        const batch = makeBatch(requests)
        made += batch.length
        await ask(batch)
        if (warm === 0 && made > REQUESTS / 4) warm = process.memoryUsage().rss
      }
    }

    await Promise.all(Array.from({ length: CONNECTIONS }, askInTurn))
    assert.deepEqual(faults, [])
    assert.equal(answered, made)
    const seen = [...statuses.keys()].sort()
    const grown = (process.memoryUsage().rss - warm) / 1024 / 1024
    assert.ok(grown < MOST_GROWN_MB, `memory grew by ${Math.round(grown)} MB`)
    console.log(
      `${Math.round(grown)} MB more than after a quarter; ${answered} answers: ${seen.map((status) => `${status} ${statuses.get(status)}×`).join(', ')}`,
    )
    for (const status of [200, 204, 302, 303, 400, 403, 404, 413, 414, 415, 417, 422, 431]) {
      assert.ok(statuses.has(status), `the requests are various enough for a ${status}`)
    }
  })
})

/** As `printRoutes` draws them, `/:first|:lang/` for one place under two names. */
function listRoutes(tree: string): string[] {
  const above: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', path = '', methods = ''] =
      /^([│├└─ ]*)(.*?) \(([A-Z, ]+)\)$/.exec(line) ?? []
    if (!path) return []
    const depth = indent.length / 4
    above.length = depth
    above.push(path)
    const whole = above.join('').replace('//', '/')
    return methods.split(', ').map((method) => `${method} ${nameless(whole)}`)
  })
}

const nameless = (pattern: string) => pattern.replace(/:[a-z]+(?:\|:[a-z]+)*/gi, ':')

function makeBatch(make: () => FuzzRequest): FuzzRequest[] {
  const batch: FuzzRequest[] = []
  while (batch.length < PIPELINED && !batch.at(-1)?.isLast) batch.push(make())
  return batch
}

function faultOf({ status, headers, body }: Answer, { bytes }: FuzzRequest): string | null {
  if (status >= 500 && !isLatePoster({ status, headers }, bytes)) return `a ${status}`
  try {
    const own = status === 403 ? withOwnForms(headers) : withoutPicture(headers)
    assertGuarded(
      IN_A_FRAME.test(bytes.toString('latin1')) ? withoutFrame(own) : own,
      `a ${status}`,
    )
  } catch (error) {
    return (error as Error).message
  }
  if (body.length > 0 && !headers.has('content-type')) return 'no content type'
  const location = headers.get('location')
  if (location && !/^\/(?![/\\])/.test(location)) return `a redirect to ${location}`
  if (status >= 400 && /\.[jt]s:\d|node_modules/.test(body.toString())) return 'a stack'
  return null
}

/** Posters are made one at a time: of many that are asked for at once, and on a busy machine, some aren't there in time. */
function isLatePoster(
  { status, headers }: Pick<Answer, 'status' | 'headers'>,
  bytes: Buffer,
): boolean {
  const line = bytes
    .toString('latin1')
    .split('\r\n', 1)[0]!
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return status === 503 && headers.has('retry-after') && /\/(?:poster|tear-off)\.pdf/.test(line)
}

/** A form that came by way of another site is given back with one to the site itself, which its policy then names. */
function withOwnForms(headers: Answer['headers']): Answer['headers'] {
  const policy = headers.get('content-security-policy')
  return new Map(headers).set('content-security-policy', policy?.replace(` ${ORIGIN}`, '') ?? '')
}

/** A picture loads nothing at all, and has at most a style of its own. */
function withoutPicture(headers: Answer['headers']): Answer['headers'] {
  const policy = headers.get('content-security-policy') ?? ''
  if (!OF_A_PICTURE.test(policy)) return headers
  const { 'content-security-policy': ofPages = '' } = securityHeaders({ https: false })
  return new Map(headers).set('content-security-policy', ofPages)
}

/** Pages that other sites may show in a frame: all else of what guards them is as elsewhere. */
function withoutFrame(headers: Answer['headers']): Answer['headers'] {
  const policy = headers.get('content-security-policy') ?? ''
  if (!policy.includes('frame-ancestors *')) return headers
  return new Map(headers)
    .set('content-security-policy', policy.replace('frame-ancestors *', "frame-ancestors 'none'"))
    .set('x-frame-options', 'DENY')
}

const show = (requests: FuzzRequest[]) =>
  requests.map(({ bytes }) => JSON.stringify(bytes.toString('latin1').slice(0, 400))).join('\n  ')
