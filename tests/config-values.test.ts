import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../src/config.ts'
import { PRODUCTION, refuses } from './support/config.ts'

/** Of each variable what a hand, a shell or a container's file may have made of it. */
const WRONG: Record<string, string[]> = {
  NODE_ENV: ['prod', 'Production', 'production ', 'staging'],
  PORT: ['70000', '-1', '80.0', '0x50', '1e3', ' 80', '80\r', 'http', '3000:3000', '+80'],
  METRICS_PORT: ['0', '65536', 'nine'],
  INBOX_PORT: ['eighty', '65536', '1080,1081'],
  HOST: [
    'http://127.0.0.1',
    '127.0.0.1:3000',
    '[::1]',
    '*',
    '256.1.1.1',
    'a b',
    '0.0.0.0/0',
    'fe80::1%eth0',
  ],
  WEB_PROCESSES: ['0', '65', '2.5', 'auto', 'max'],
  DRAIN_SECONDS: ['-1', '121', '2.5', '10s'],
  PUBLIC_URL: [
    'sign.example.org',
    'https://example.org/sign',
    'https:example.org',
    'https:/example.org',
    'https:\\\\example.org',
    'https://user:hunter2@example.org',
    'https://example.org?x',
    'https://example.org#x',
    'https://exa mple.org',
    'https://example.org\n',
    'ftp://example.org',
    'https://',
    'https://example.org:port',
    '"https://example.org"',
  ],
  DATABASE_URL: [
    'mysql://root:hunter2@db/x',
    'postgres:db/x',
    'db/x',
    'postgres://u:hunter2%@db/x',
    'postgres://u:hunter2#@db/x',
    'postgres://db/x?sslmode=verify',
    'postgres://db/x?sslmode=verify-full&sslrootcert=/no/such/ca.pem',
    'postgres://u:hunter2@db/x?sslmode=verify-full&sslkey=/no/such/key',
    'postgres://db/x y',
    "'postgres://db/x'",
  ],
  SMTP_URL: [
    'hunter2@mail',
    'smtp://',
    'smtp:mail.example.org',
    'smtp:///mail',
    'http://mail',
    'smtp://mail:0',
    'smtp://mail:99999',
    'smtp://mail/inbox',
    'smtp://user@mail',
    'smtp://:hunter2@mail',
    'smtp://user:hunter2#@mail',
    'smtp://user:12#hunter2@mail',
    'smtp://user:hunter2%@mail',
    'smtp://user:12?hunter2@mail',
    'smtp://user:hunter2@two@hosts name',
    'smtp://mail?requireTLS=yes',
    'smtp://mail?tls.rejectUnauthorized=0',
    'smtp://mail?connectionTimeout=10s',
    'smtp://mail?url=smtp://other',
    'smtp://mail?authMethod=CRAM-MD5',
    'smtp://mail?__proto__=1',
    'smtp://mail ',
  ],
  MIRRORS: [
    'undersigned.example',
    'https://a.example/path',
    'https://a.example,,',
    'https://a.example,http://a.example:8080',
    'ftp://a.example',
    'https://a.example https://b.example',
  ],
  HOLD_WORDS: ['/no/such/words.txt', 'src'],
  SMTP_CA: ['/no/such/ca.pem', 'LICENSE', 'src'],
  SMTP_HELO: [
    'mail',
    'mail example org',
    '192.0.2.1',
    '[mail]',
    'mail.example.org\r\nRSET',
    'http://a.b',
    '-.b',
  ],
  ALERTS_TO: [
    'operator',
    'a@b@c',
    'operator@example.org\nBcc: x@example.org',
    '<operator@example.org',
  ],
  MAIL_FROM: [
    'Undersigned',
    'sign@',
    '@example.org',
    '"Undersigned <sign@example.org>"',
    "'Undersigned <sign@example.org>'",
    'Undersigned <sign@example.org',
    'Undersigned sign@example.org',
    'Undersigned <sign@example.org> and more',
    'Team: a@example.org, b@example.org;',
    'a@example.org, b@example.org',
    'a@example.org, B <b@example.org>',
    'Undersigned <>',
    'Undersigned <sign>',
    'Undersigned <si gn@example.org>',
    'Undersigned <sign@exa_mple.org>',
    'Undersigned <sign@example.org>\nBcc: x@example.org',
    'Undersigned <ünder@example.org>',
    'Undersigned <a..b@example.org>',
    'Undersigned <<sign@example.org>>',
  ],
  OPERATOR: ['two\nlines', 'x'.repeat(301), 'hid\u200bden'],
  CONTACT: [
    'ask us',
    'mail@',
    'javascript:alert(1)',
    'https://',
    'a@b',
    'a@example.org b@example.org',
    'a@example.org,b@example.org',
    'a@example.org%2Cb%40example.org',
    'a%3Fbcc=b@example.org',
    'a@example.org#',
  ],
  DATA_DIR: ['~/data', '~', ' /data', '/data ', '/data\r', '/da\0ta'],
  SITE_PAGES: ['~/pages', '/no/such/folder', 'tests', 'package.json'],
  LOG_LEVEL: ['loud', 'INFO', 'warning', 'info,debug', '3'],
  MAIL_DOMAIN_PER_MINUTE: ['0', '-1', '1.5', '60/min', '100001'],
  CLIENT_ADDRESS_HEADER: [
    'cf connecting',
    'x:y',
    'X-Forwarded-For',
    'forwarded',
    '1',
    'a'.repeat(70),
  ],
  TRUST_PROXY: [
    '1',
    '2',
    'yes',
    'TRUE',
    'proxy.example.org',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/0',
    '10.0.0.1;::1',
    '::1/129',
    '10.0.0.1,',
    'loopback local',
    '300.1.1.1',
  ],
  DATABASE_FAILOVER: ['sync', 'on', 'Synchronous'],
  LIMITS: ['no', 'OFF', '0', 'true'],
  LOG_INTERVAL: ['0', '5m', '86401', '1.5', '-5'],
  LOG_MIN_BATCH: ['0', '1001', 'five'],
  LOG_WITNESSES: ['witness.example.org', 'key https://x', 'a b c'],
  BACKUP_RECIPIENT: [
    'age1',
    'AGE-SECRET-KEY-1',
    'age12q3gxt2tfzam6gudw6jh8jrp3z8mwv0e5jyd2dffaaeut6hc0gfql3h5hx',
    ', ',
    'operator@example.org',
  ],
  METRICS_TOKEN: ['пароль', 'two\nlines', 'tab\there', 'ends with a space '],
  DEMO: ['yes', 'true', '2'],
}

describe('a value that can not be understood', () => {
  for (const [name, values] of Object.entries(WRONG)) {
    it(`stops the start with ${name} in one line that repeats no password`, () => {
      for (const value of values) {
        refuses({ [name]: value }, new RegExp(`^${name}[ :]`))
        refuses({ ...PRODUCTION, [name]: value }, new RegExp(`^(?:${name}[ :]|LIMITS=off)`))
        assert.throws(
          () => readConfig({ [name]: value }),
          (error: Error) => name === 'PUBLIC_URL' || !error.message.includes('hunter2'),
          value,
        )
      }
    })
  }

  it('is known of every variable that the manual names', () => {
    const manual = readFileSync(fileURLToPath(new URL('../.env.example', import.meta.url)), 'utf8')
    const free = ['SECRET_KEY', 'LOG_KEY', 'COMPOSE_PROFILES']
    const names = [...manual.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name!)
    const unchecked = names.filter(
      (name) => !/_FILE$/.test(name) && !free.includes(name) && !WRONG[name],
    )
    assert.deepEqual(unchecked, ['DATABASE_DIRECT_URL', 'DATABASE_REPLICA_URL'], 'as DATABASE_URL')
  })
})
