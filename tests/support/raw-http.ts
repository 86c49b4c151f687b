import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { securityHeaders } from '../../src/platform/web/security-headers.ts'
import { type Answer, createAnswersReader } from './read-answers.ts'

/** Figures may be read by any site's script: they go without these. */
const OF_PAGES = ['x-frame-options', 'cross-origin-opener-policy', 'permissions-policy']

/**
 * Sends the bytes as they are, and reads until the server closes.
 *
 * @param methods of the requests, when there are several
 */
export async function sendRaw(
  origin: string,
  bytes: string,
  methods: readonly string[] = [bytes.split(' ')[0]!],
): Promise<Answer[]> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  const read = createAnswersReader(methods)
  const answers: Answer[] = []
  socket.write(bytes)
  try {
    for await (const chunk of socket) answers.push(...read(chunk))
  } catch (error) {
    // What it had sent before it hung up counts.
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error
  }
  return answers
}

/** That the answer is as guarded as every page, or as figures that any site may read. */
export function assertGuarded(headers: Pick<Map<string, string>, 'get'>, what: string): void {
  const isOpen = headers.get('access-control-allow-origin') === '*'
  for (const [name, value] of Object.entries(securityHeaders({ https: false }))) {
    const expected = isOpen && OF_PAGES.includes(name) ? undefined : value
    assert.equal(headers.get(name), expected, `${name} of ${what}`)
  }
}
