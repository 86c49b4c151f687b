import { randomBytes } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { Config } from '../../config.ts'
import { type Clock, SECOND } from '../../platform/clock.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { readSeen, SEEN_PATH, type Seen, sealQuestion } from '../../platform/web/seen.routes.ts'
import { ask } from './ask.ts'
import type { Place } from './check-address.ts'
import { checkClientHeader } from './check-client-header.ts'
import { compareDate } from './check-clock.ts'
import { type Finding, fault, ok, unchecked } from './finding.ts'

const PATIENCE_MS = 8 * SECOND
/** RFC 5737: nobody's, so that only a header that somebody believed can have brought it. */
const FORGED = '192.0.2.77'
const LEAST_HSTS_SECONDS = 15_552_000

const PRIVATE = new BlockList()
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6')

export function isPrivate(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '')
  const version = isIP(plain)
  return version !== 0 && PRIVATE.check(plain, version === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Asks PUBLIC_URL for something that only a node with our SECRET_KEY can answer: how it saw our request. So the
 * request is known to reach this site, and what the proxy told of it is known, too.
 */
export async function checkProxy(
  { host, port, isHttps, addresses }: Place,
  { config, clock, keyring, ca }: { config: Config; clock: Clock; keyring: Keyring; ca?: string },
): Promise<Finding[]> {
  const nonce = randomBytes(16).toString('hex')
  const before = clock.now().getTime()
  const askWith = (more: Record<string, string>) =>
    ask(`${config.publicUrl}${SEEN_PATH}`, {
      address: addresses[0],
      ca,
      // What is wrong with the certificate is another check's finding.
      rejectUnauthorized: false,
      patience: PATIENCE_MS,
      headers: { authorization: sealQuestion(keyring.examination, nonce), ...more },
    }).catch((error: Error) => error)
  const answer = await askWith({ 'x-forwarded-for': FORGED })
  const after = clock.now().getTime()
  const about = 'PUBLIC_URL'
  if (answer instanceof Error) {
    const found = `${config.publicUrl} gives no answer (${answer.message})`
    return [fault(about, found, 'see that the proxy runs and leads to the web process')]
  }
  const seen = readSeen(keyring.examination, nonce, answer.text)
  if (!seen) {
    const found = `${host} port ${port} answers ${answer.status}, and is not this site`
    return [
      fault(
        about,
        found,
        'let the proxy lead to a web process with this SECRET_KEY and release, and pass Authorization on',
      ),
    ]
  }
  const { headers, localAddress } = answer
  return [
    ok(about, 'leads to this site'),
    compareDate('clock of the proxy', 'PUBLIC_URL', headers.date, { before, after }),
    judgeProtocol(seen, isHttps),
    judgeAddress(seen, localAddress, config),
    ...(await checkClientHeader(seen, config, isPrivate(localAddress), async (more) => {
      const second = await askWith(more)
      return second instanceof Error ? null : readSeen(keyring.examination, nonce, second.text)
    })),
    judgeHsts(headers['strict-transport-security'], isHttps),
  ]
}

function judgeProtocol({ protocol }: Seen, isHttps: boolean): Finding {
  const about = 'X-Forwarded-Proto'
  if ((protocol === 'https') === isHttps) return ok(about, `the site sees ${protocol}`)
  return fault(
    about,
    `the site takes our request to PUBLIC_URL for ${protocol}`,
    'let the proxy send X-Forwarded-Proto, and set TRUST_PROXY to its address',
  )
}

function judgeAddress({ address }: Seen, localAddress: string, { trustProxy }: Config): Finding {
  const about = 'X-Forwarded-For'
  if (address === FORGED) {
    // An address of this network may be one that TRUST_PROXY rightly believes.
    if (isPrivate(localAddress) && trustProxy !== true) {
      const why = `our own address, ${localAddress}, may be among those of TRUST_PROXY: look from elsewhere`
      return unchecked(about, why)
    }
    const found = 'the site believes an address that a visitor makes up'
    const remedy =
      "let the proxy overwrite X-Forwarded-For, and set TRUST_PROXY to the proxy's address alone"
    return fault(about, found, remedy)
  }
  if (isPrivate(address) && !isPrivate(localAddress)) {
    const found = `the site takes the proxy's address, ${address}, for the visitor's`
    return fault(about, found, `set TRUST_PROXY to ${address}, or to the proxy's network`)
  }
  return ok(about, 'a forged one is not believed')
}

function judgeHsts(header: string | undefined, isHttps: boolean): Finding {
  const about = 'HSTS'
  if (!isHttps) return unchecked(about, 'PUBLIC_URL is no https: address')
  const seconds = Number(/max-age="?(\d+)/i.exec(header ?? '')?.[1] ?? 0)
  if (seconds >= LEAST_HSTS_SECONDS) return ok(about, `max-age=${seconds}`)
  const found = header ? `max-age=${seconds} is short` : 'the proxy removes the header'
  return fault(about, found, 'let the proxy pass Strict-Transport-Security on as the site sends it')
}
