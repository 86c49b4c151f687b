import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { readConfig } from '../src/config.ts'
import { PRODUCTION, refuses } from './support/config.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

describe('the environment', () => {
  it('needs nothing set outside production', () => {
    const config = readConfig({})
    assert.equal(config.production, false)
    assert.equal(config.publicUrl, 'http://127.0.0.1:3000')
    assert.equal(config.databaseUrl, null)
    assert.equal(config.smtpUrl, null)
    assert.equal(config.secretKey, null)
    assert.equal(config.demo, true)
    assert.equal(config.limits, true)
    assert.ok(Object.isFrozen(config))
  })

  it('takes an empty variable for an unset one', () => {
    const empty = { PORT: '', DATABASE_URL: '', SMTP_URL: '', LOG_LEVEL: '', DATABASE_URL_FILE: '' }
    assert.deepEqual(readConfig(empty), readConfig({}))
  })

  it('publishes no demo in production unless asked to', () => {
    assert.equal(readConfig(PRODUCTION).demo, false)
    assert.equal(readConfig({ ...PRODUCTION, DEMO: '1' }).demo, true)
  })

  for (const name of ['DATABASE_URL', 'SMTP_URL', 'PUBLIC_URL', 'MAIL_FROM', 'SECRET_KEY']) {
    it(`stops a start in production without ${name}, by name`, () => {
      refuses({ ...PRODUCTION, [name]: undefined }, new RegExp(`^${name} is not set`))
      refuses({ ...PRODUCTION, [name]: '' }, new RegExp(`^${name} is not set`))
    })
  }

  it('refuses to lift limits in production', () => {
    refuses({ ...PRODUCTION, LIMITS: 'off' }, /^LIMITS=off/)
    assert.equal(readConfig({ LIMITS: 'off' }).limits, false)
  })

  it('names a variable that cannot be what it says', () => {
    refuses({ PORT: '70000' }, /^PORT is "70000": give a whole number from 0 to 65535$/)
    refuses({ INBOX_PORT: 'eighty' }, /^INBOX_PORT is "eighty"/)
    refuses({ LOG_INTERVAL: '0' }, /^LOG_INTERVAL is "0"/)
    refuses({ LOG_LEVEL: 'loud' }, /^LOG_LEVEL is "loud": give one of fatal, /)
    refuses({ LIMITS: 'no' }, /^LIMITS is "no"/)
    refuses({ DEMO: 'yes' }, /^DEMO is "yes"/)
    refuses({ PUBLIC_URL: 'sign.example.org' }, /^PUBLIC_URL is "sign.example.org"/)
    refuses({ PUBLIC_URL: 'https://example.org/sign' }, /^PUBLIC_URL is .*origin alone/)
  })

  it('does not repeat an address that may hold a password', () => {
    const message = /^DATABASE_URL is not a URL that starts with postgres:\/\/$/
    refuses({ DATABASE_URL: 'mysql://root:hunter2@db/x' }, message)
    refuses(
      { SMTP_URL: 'hunter2@mail' },
      /^SMTP_URL is not a URL that starts with smtp:\/\/ or smtps:\/\/$/,
    )
  })

  it('takes a direct address and a replica beside a database, and not without it', () => {
    const { DATABASE_URL } = PRODUCTION
    const direct = { DATABASE_DIRECT_URL: 'postgres://primary/undersigned' }
    const replica = { DATABASE_REPLICA_URL: 'postgresql://replica/undersigned' }
    const config = readConfig({ DATABASE_URL, ...direct, ...replica })
    assert.equal(config.databaseDirectUrl, direct.DATABASE_DIRECT_URL)
    assert.equal(config.databaseReplicaUrl, replica.DATABASE_REPLICA_URL)
    assert.equal(readConfig({ DATABASE_URL }).databaseDirectUrl, null)
    assert.equal(readConfig({ DATABASE_URL }).databaseReplicaUrl, null)
    refuses(direct, /^DATABASE_DIRECT_URL is set and DATABASE_URL is not/)
    refuses(replica, /^DATABASE_REPLICA_URL is set and DATABASE_URL is not/)
    refuses(
      { DATABASE_URL, DATABASE_REPLICA_URL: 'http://replica' },
      /^DATABASE_REPLICA_URL is not a URL that starts with postgres:\/\/$/,
    )
  })

  it('drops a slash at the end of the public address', () => {
    assert.equal(readConfig({ PUBLIC_URL: 'https://a.example/' }).publicUrl, 'https://a.example')
  })

  it('shows an address that a browser can open when it listens everywhere', () => {
    assert.equal(readConfig({ HOST: '0.0.0.0', PORT: '80' }).publicUrl, 'http://localhost')
    assert.equal(readConfig({ HOST: '::1' }).publicUrl, 'http://[::1]:3000')
  })

  it('believes the proxies it is told to, and nobody else', () => {
    assert.equal(readConfig({}).trustProxy, false)
    assert.equal(readConfig({ TRUST_PROXY: 'false' }).trustProxy, false)
    assert.equal(readConfig({ TRUST_PROXY: 'true' }).trustProxy, true)
    for (const known of ['10.0.0.1', '::1', 'loopback,10.0.0.0/8,fd00::/8', 'uniquelocal']) {
      assert.equal(readConfig({ TRUST_PROXY: known }).trustProxy, known)
    }
    assert.equal(readConfig({ TRUST_PROXY: ' 10.0.0.1 , ::1 ' }).trustProxy, '10.0.0.1,::1')
  })

  it('takes a header with the visitor’s address from proxies, and not where none is believed', () => {
    const header = { CLIENT_ADDRESS_HEADER: 'CF-Connecting-IP' }
    const config = readConfig({ ...header, TRUST_PROXY: 'loopback' })
    assert.equal(config.clientAddressHeader, 'cf-connecting-ip')
    assert.equal(readConfig({}).clientAddressHeader, null)
    const message = /^CLIENT_ADDRESS_HEADER is set and TRUST_PROXY is not: .+$/
    for (const more of [{}, { TRUST_PROXY: 'false' }]) {
      assert.throws(() => readConfig({ ...header, ...more }), { message })
    }
  })

  it('hands on sender and EHLO name as they were meant', () => {
    const { mailFrom } = readConfig({ MAIL_FROM: 'Baku: yes <sign@example.org>' })
    assert.deepEqual(mailFrom, { name: 'Baku: yes', address: 'sign@example.org' })
    assert.equal(readConfig({}).smtpHelo, null)
    for (const name of ['mail.example.org', '[192.0.2.1]', '[IPv6:2001:db8::1]']) {
      assert.equal(readConfig({ SMTP_HELO: name }).smtpHelo, name)
    }
  })

  it('in production asks of each database elsewhere how it is encrypted', () => {
    for (const url of [
      'postgres://database/x',
      'postgres://u:secret@10.0.0.2/x?application_name=site',
      'postgres://127.1/x',
      'postgres:///x?host=db.example.org',
    ]) {
      for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_REPLICA_URL']) {
        refuses({ ...PRODUCTION, [name]: url }, new RegExp(`^${name} leads to another machine`))
        assert.ok(readConfig({ DATABASE_URL: 'postgres://here/x', [name]: url }))
      }
    }
    for (const DATABASE_URL of [
      'postgres://database/x?sslmode=disable',
      'postgres://database/x?sslmode=verify-full',
      'postgres://database/x?sslrootcert=LICENSE',
      'postgres://localhost/x',
      'postgres://[::1]/x',
      'postgres://u@%2Frun%2Fpostgresql/x',
      'postgres:///x?host=/run/postgresql',
    ]) {
      assert.equal(readConfig({ ...PRODUCTION, DATABASE_URL }).databaseUrl, DATABASE_URL)
    }
  })

  it('takes what databases and mail servers are reached by', () => {
    for (const DATABASE_URL of [
      'postgres://database/undersigned',
      'postgresql://u:p%40ss%2F@[::1]:5433/x?sslmode=verify-full&application_name=site',
      'postgres:///undersigned?host=/run/postgresql',
    ]) {
      assert.equal(readConfig({ DATABASE_URL }).databaseUrl, DATABASE_URL)
    }
    for (const SMTP_URL of [
      'smtp://mail',
      'smtps://user:p%23ss@mail.example.org:465/',
      'smtp://[2001:db8::1]:587?requireTLS=true&tls.servername=mail.example.org',
      'smtp://mail?connectionTimeout=60000&tls.rejectUnauthorized=false&authMethod=LOGIN',
    ]) {
      assert.equal(readConfig({ SMTP_URL }).smtpUrl, SMTP_URL)
    }
  })
})

describe('secrets in files', () => {
  const folder = temporaryFolder()

  function file(name: string, text: string): string {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }

  it('are read as the variable itself, without the line’s end', () => {
    const config = readConfig({
      ...PRODUCTION,
      DATABASE_URL: undefined,
      SMTP_URL: '',
      SECRET_KEY: undefined,
      DATABASE_URL_FILE: file('database-url', `${PRODUCTION.DATABASE_URL}\n`),
      SMTP_URL_FILE: file('smtp-url', PRODUCTION.SMTP_URL),
      SECRET_KEY_FILE: file('secret-key', `${PRODUCTION.SECRET_KEY}\r\n`),
      METRICS_TOKEN_FILE: file('metrics-token', 'let me see\n'),
      DATABASE_DIRECT_URL_FILE: file('direct-url', PRODUCTION.DATABASE_URL),
      DATABASE_REPLICA_URL_FILE: file('replica-url', PRODUCTION.DATABASE_URL),
    })
    assert.deepEqual(
      config,
      readConfig({
        ...PRODUCTION,
        METRICS_TOKEN: 'let me see',
        DATABASE_DIRECT_URL: PRODUCTION.DATABASE_URL,
        DATABASE_REPLICA_URL: PRODUCTION.DATABASE_URL,
      }),
    )
  })

  it('are checked like the variable', () => {
    refuses({ DATABASE_URL_FILE: file('odd', 'mysql://db/x') }, /^DATABASE_URL is not a URL/)
  })

  it('stop the start when the file is missing, empty or in doubt', () => {
    const key = file('key', PRODUCTION.SECRET_KEY)
    refuses({ SECRET_KEY_FILE: `${key}.gone` }, /^SECRET_KEY_FILE names .*\.gone, .*\(ENOENT\)$/)
    refuses({ SMTP_URL_FILE: file('empty', ' \n') }, /^SMTP_URL_FILE names .*, which is empty$/)
    writeFileSync(join(folder, 'wide'), `\ufeff${PRODUCTION.SECRET_KEY}`, 'utf16le')
    refuses(
      { SECRET_KEY_FILE: join(folder, 'wide') },
      /^SECRET_KEY_FILE: .*wide is not UTF-8 but seems to be UTF-16 .*iconv -f UTF-16 /,
    )
    refuses(
      { SECRET_KEY_FILE: key, SECRET_KEY: PRODUCTION.SECRET_KEY },
      /^SECRET_KEY and SECRET_KEY_FILE are both set/,
    )
  })
})
