import { deflateSync, gzipSync } from 'node:zlib'
import { form } from '../support/signer.ts'
import { oddPart, oddText } from './odd-text.ts'
import type { Random } from './random.ts'

export interface Body {
  bytes: Buffer
  /** Null: none is named. */
  type: string | null
  encoding?: string
}

const FORM = 'application/x-www-form-urlencoded'
const FIELDS = [
  ...Object.keys(form()),
  'postcode',
  'comment',
  'updates',
  'subject',
  'website',
  'ref',
  'source',
  'textVersion',
  'asked',
  'altcha',
  'address',
  'decision',
  'shown',
  'opening',
  '__proto__',
  'constructor',
  'toString',
]
const TYPES = [
  FORM,
  FORM.toUpperCase(),
  `${FORM}; charset=utf-16`,
  `${FORM}; charset="`,
  'application/json',
  'application/json; charset=utf-8',
  'application/problem+json',
  'text/plain',
  'text/xml',
  'multipart/form-data',
  'multipart/form-data; boundary=b',
  'application/octet-stream',
  'application/',
  '/',
  ';',
  'x',
  '\u00e9/\u00e9',
  '__proto__',
]
const COMMENT_TOO_LONG = 17_000

export function makeBody(random: Random): Body {
  const body = random.pick([
    makeForm,
    makeForm,
    makeForm,
    makeForm,
    makeJson,
    makeMultipart,
    makeBytes,
  ])(random)
  if (random.chance(0.05)) body.type = random.chance(0.5) ? random.pick(TYPES) : null
  if (random.chance(0.03)) {
    const encoding = random.pick(['gzip', 'deflate', 'br', 'identity', 'x'])
    const bytes = encoding === 'gzip' ? gzipSync(body.bytes) : deflateSync(body.bytes)
    return { ...body, bytes, encoding }
  }
  return body
}

function makeForm(random: Random): Body {
  const fields: string[][] = Object.entries({
    ...form({ email: `fuzz-${random.below(50)}@example.org` }),
    decision: random.pick(['confirm', 'reject', 'neither']),
    display: random.pick(['hidden', 'initials', 'name']),
    updates: random.pick(['yes', '']),
  }).map(([name, value]) => [name, encodeURIComponent(value)])
  for (let changes = random.below(4); changes > 0; changes--) {
    const name = random.chance(0.8) ? random.pick(FIELDS) : oddPart(random, FIELDS)
    const value = oddPart(random, [oddText(random)])
    const suffix = random.pick(['', '', '', '[]', '[0]', '[__proto__]', '.x'])
    if (random.chance(0.3)) fields.splice(random.below(fields.length + 1), random.below(3))
    fields.push([`${name}${suffix}`, value])
  }
  if (random.chance(0.01)) fields.push(['comment', 'x'.repeat(COMMENT_TOO_LONG)])
  const pairs = fields.map(([name, value]) => (random.chance(0.02) ? name : `${name}=${value}`))
  const text = pairs.join(random.chance(0.97) ? '&' : random.pick(['&&', ';', '\n', '\0']))
  return { bytes: Buffer.from(text, random.chance(0.95) ? 'utf8' : 'latin1'), type: FORM }
}

function makeJson(random: Random): Body {
  const odd = JSON.stringify(oddText(random))
  const text = random.pick([
    '{}',
    '[]',
    'null',
    '',
    odd,
    `{"email":${odd}}`,
    `{"email":[${odd}],"decision":{"a":1}}`,
    `{"__proto__":{"email":${odd}}}`,
    `{"constructor":{"prototype":{"x":1}}}`,
    '{"decision":"confirm","shown":null}',
    '{"a":'.repeat(2000),
    `${'['.repeat(3000)}${']'.repeat(3000)}`,
    '{"email":"\\ud800"}',
    '{"n":1e999}',
    '\ufeff{}',
  ])
  return { bytes: Buffer.from(text), type: 'application/json' }
}

function makeMultipart(random: Random): Body {
  const parts = Array.from({ length: random.below(4) }, () => {
    const name = random.chance(0.5) ? random.pick(FIELDS) : oddText(random)
    return `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${oddText(random)}\r\n`
  })
  const end = random.chance(0.7) ? '--b--\r\n' : ''
  return { bytes: Buffer.from(`${parts.join('')}${end}`), type: 'multipart/form-data; boundary=b' }
}

function makeBytes(random: Random): Body {
  const length = random.chance(0.1) ? 20_000 : random.below(300)
  const bytes = Buffer.from(Array.from({ length }, () => random.below(256)))
  return { bytes, type: random.pick(TYPES) }
}
