import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { checkDatabaseTls } from '../../src/commands/doctor/check-database-settings.ts'
import { readConfig } from '../../src/config.ts'
import type { Database } from '../../src/database.ts'
import { connect } from '../../src/platform/database/connect.ts'
import { chooseBinaries } from '../../src/platform/database/embedded/choose-binaries.ts'
import { makePlace, type Place } from '../scale/site/place.ts'
import { makeCluster, type Postgres, startPostgres } from '../scale/site/postgres.ts'
import { OWN_AUTHORITY } from '../support/own-authority.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runSql, withDatabase } from '../support/test-database.ts'

/** The C library takes it for 127.0.0.1, and the program for another machine. */
const ELSEWHERE = '127.1'
const HBA = `
host all undersigned 127.0.0.1/32 scram-sha-256
hostssl all undersigned_by_certificate 127.0.0.1/32 cert
hostssl all undersigned_by_both 127.0.0.1/32 scram-sha-256 clientcert=verify-ca
host all undersigned_by_md5 127.0.0.1/32 md5
host all undersigned_plain 127.0.0.1/32 password
`

describe('a connection to PostgreSQL', () => {
  let place: Place<{ postgres: string }>
  let server: Postgres
  const folder = temporaryFolder()
  const file = (name: string) => join(folder, name)

  before(async () => {
    place = await makePlace({ postgres: '' })
    const { postgres } = await chooseBinaries(place.account, place.folder)
    place.programs.postgres = dirname(postgres)
    const data = await makeCluster(place, 'tls')
    const [cert, key, ca] = await Promise.all([
      place.write('server.pem', OWN_AUTHORITY.server),
      place.write('server.key', OWN_AUTHORITY.serverKey),
      place.write('ca.pem', OWN_AUTHORITY.ca),
    ])
    const hba = await place.write('pg_hba.conf', HBA)
    server = await startPostgres(place, 'tls', data, {
      hba_file: hba,
      ssl: 'on',
      ssl_cert_file: cert,
      ssl_key_file: key,
      ssl_ca_file: ca,
      fsync: 'off',
    })
    const sql = (text: string) => runSql(withDatabase(server.url, 'postgres'), text)
    await sql('create database undersigned')
    await sql('create role undersigned_by_certificate login')
    for (const role of ['undersigned_by_both', 'undersigned_plain']) {
      await sql(`create role ${role} login password 'hunter2'`)
    }
    await sql(
      `set password_encryption = 'md5'; create role undersigned_by_md5 login password 'hunter2'`,
    )
    for (const name of ['ca', 'other', 'client', 'clientKey'] as const) {
      await writeFile(file(name), OWN_AUTHORITY[name], { mode: 0o600 })
    }
  })
  after(async () => {
    await server.part.stop()
    await place.remove()
  })

  const at = (user: string, host: string, query: Record<string, string> = {}) =>
    `postgres://${user}:hunter2@${host}:${server.port}/undersigned?${new URLSearchParams(query)}`
  const verified = { sslmode: 'verify-full', sslrootcert: file('ca') }
  const certified = { ...verified, sslcert: file('client'), sslkey: file('clientKey') }

  /** As whom, and over which version of TLS. */
  async function logIn(url: string): Promise<{ user: string; tls: string | null; db: string }> {
    const { databaseUrl } = readConfig({ DATABASE_URL: url })
    const { db, pool, close } = connect<Database>({
      url: databaseUrl!,
      max: 1,
      onError: () => {},
    })
    try {
      const { rows } = await pool.query(
        'select current_user as user, version as tls from pg_stat_ssl where pid = pg_backend_pid()',
      )
      const { state } = await checkDatabaseTls(db, { databaseUrl })
      return { ...rows[0], db: state }
    } finally {
      await close()
    }
  }

  it('goes to the server that the operator’s own authority vouches for, and to no other', async () => {
    const url = new URL(server.url)
    for (const [name, value] of Object.entries(verified)) url.searchParams.set(name, value)
    assert.equal((await logIn(url.href)).tls, 'TLSv1.3')
    url.searchParams.set('sslrootcert', file('other'))
    await assert.rejects(logIn(url.href), /self-signed|unable to verify/)
    url.searchParams.delete('sslrootcert')
    await assert.rejects(logIn(url.href), /unable to verify|self-signed/)
    url.searchParams.set('sslrootcert', file('ca'))
    url.host = `${ELSEWHERE}:${server.port}`
    await assert.rejects(logIn(url.href), /does not match certificate/)
  })

  it('proves who it is by a certificate of its own, without a password or beside it', async () => {
    const byCertificate = at('undersigned_by_certificate', 'localhost', certified)
    assert.deepEqual(await logIn(byCertificate), {
      user: 'undersigned_by_certificate',
      tls: 'TLSv1.3',
      db: 'ok',
    })
    assert.equal((await logIn(at('undersigned_by_both', 'localhost', certified))).tls, 'TLSv1.3')
    for (const user of ['undersigned_by_certificate', 'undersigned_by_both']) {
      await assert.rejects(logIn(at(user, 'localhost', verified)), /valid client certificate/)
    }
    // Somebody else's certificate.
    await assert.rejects(
      logIn(byCertificate.replace('undersigned_by_certificate', 'undersigned')),
      /password authentication failed/,
    )
  })

  it('is given up where the server asks for MD5, in one line, with TLS or without', async () => {
    for (const query of [{}, verified]) {
      await assert.rejects(logIn(at('undersigned_by_md5', '127.0.0.1', query)), {
        name: 'Error',
        message:
          /^PostgreSQL asks for the password by MD5, which is broken: [^\n]*scram-sha-256[^\n]*$/,
      })
    }
  })

  it('sends the password itself within TLS or this machine alone', async () => {
    assert.equal((await logIn(at('undersigned_plain', '127.0.0.1'))).tls, null)
    assert.equal((await logIn(at('undersigned_plain', 'localhost', verified))).tls, 'TLSv1.3')
    await assert.rejects(
      logIn(at('undersigned_plain', ELSEWHERE, { sslmode: 'disable' })),
      /^Error: PostgreSQL asks for the password itself, without TLS: [^\n]*$/,
    )
  })
})
