import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseEnv } from 'node:util'
import { parse } from 'yaml'
import { readConfig } from '../../src/config.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const FOLDER = 'docs/deploy'
const WITHOUT_LOG_KEY = ['undersigned-web.service', 'undersigned-migrate.service']
const files = readdirSync(FOLDER)
const services = files.filter((name) => name.endsWith('.service'))
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
const known = new Set(
  [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name!),
)

const isInstalled = (program: string) => spawnSync(program, ['version']).error === undefined
/** In continuous integration nothing is left out. */
const lacks = (program: string) =>
  !process.env.CI && !isInstalled(program) && `${program} is not installed`

const RECIPIENT = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'

describe('the Compose file', () => {
  const file = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true })
  const services: Record<string, Record<string, unknown>> = file.services

  it('hands over each secret that it names, and the log’s key to all but the web', () => {
    for (const name of ['web', 'worker', 'backup']) {
      const { environment, secrets } = services[name]!
      const named = Object.values(environment as Record<string, string>)
        .filter((value) => value.startsWith('/run/secrets/'))
        .map((value) => value.slice('/run/secrets/'.length))
      assert.deepEqual(named.sort(), (secrets as string[]).toSorted(), name)
      assert.equal(named.includes('log-key'), name !== 'web')
      assert.deepEqual(
        Object.keys(environment as object).filter(
          (key) => !known.has(key) && !known.has(key.replace(/_FILE$/, '')),
        ),
        [],
      )
    }
  })

  it('takes every right from the program, and makes its files unchangeable', () => {
    for (const name of ['web', 'worker', 'backup']) {
      const service = services[name]!
      assert.deepEqual(service.cap_drop, ['ALL'])
      assert.equal(service.read_only, true)
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'])
    }
  })
})

describe('the image', () => {
  it('lacks the mail catcher, which nothing in production loads', () => {
    const dockerfile = readFileSync('Dockerfile', 'utf8')
    const left = /^RUN rm -r (.*?\\\n.*)$/m.exec(dockerfile)![1]!.split(/[\s\\]+/)
    assert.deepEqual(left, [
      'node_modules/smtp-server',
      'node_modules/mailparser',
      'dist/src/platform/mail/start-catcher.js',
      'dist/src/platform/mail/inbox-page.js',
    ])
    const importers = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        file.endsWith('.ts') &&
        /^import (?!type).*'(?:smtp-server|mailparser|.*\/(?:start-catcher|inbox-page)\.ts)'/m.test(
          readFileSync(join('src', file), 'utf8'),
        ),
    )
    assert.deepEqual(importers, ['platform/mail/start-catcher.ts'])
  })
})

describe('the files for a machine with systemd', () => {
  it('set variables that the program has', () => {
    const used = services.flatMap((name) =>
      [...read(name).matchAll(/^Environment=(.*)$/gm)].flatMap(([, line]) =>
        [...line!.matchAll(/([A-Z_]+)=/g)].map(([, variable]) => variable!),
      ),
    )
    const script = [...read('undersigned-command').matchAll(/^([A-Z_]+)=/gm)].map(
      ([, name]) => name!,
    )
    assert.ok(used.length > 10 && script.length > 5)
    assert.deepEqual(
      [...used, ...script].filter((variable) => !known.has(variable)),
      [],
    )
  })

  it('hand over each secret that they name, and the worker alone gets the log’s key', () => {
    for (const name of services) {
      const unit = read(name)
      const loaded = [...unit.matchAll(/^LoadCredential=([a-z-]+):/gm)].map(([, id]) => id)
      const named = [...unit.matchAll(/_FILE=%d\/([a-z-]+)/g)].map(([, id]) => id)
      assert.deepEqual(named, loaded, name)
      assert.equal(loaded.includes('log-key'), !WITHOUT_LOG_KEY.includes(name))
    }
  })

  it('keep the source’s history from the program', () => {
    for (const name of services) {
      assert.match(read(name), /^InaccessiblePaths=-\/opt\/undersigned\/\.git$/m, name)
    }
  })

  it('come with an example of settings that production takes', () => {
    const settings = parseEnv(read('environment.example')) as Record<string, string>
    const secrets = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://undersigned:secret@127.0.0.1/undersigned',
      SMTP_URL: 'smtps://user:password@mail.example.org',
      SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    }
    assert.throws(
      () => readConfig({ ...settings, ...secrets }),
      /^[^\n]*BACKUP_RECIPIENT/,
      "nobody's backups are encrypted to the example's key",
    )
    const own = { BACKUP_RECIPIENT: RECIPIENT }
    const config = readConfig({ ...settings, ...secrets, ...own })
    assert.equal(config.backupRecipients.length, 1)
    assert.equal(config.trustProxy, '127.0.0.1')
  })

  it('are units that systemd understands', { skip: lacks('systemd-analyze') }, () => {
    const folder = temporaryFolder()
    for (const name of files.filter((file) => /\.(service|timer)$/.test(file))) {
      // Node.js may be elsewhere here.
      writeFileSync(join(folder, name), read(name).replaceAll('/usr/bin/node', process.execPath))
    }
    const units = readdirSync(folder).map((name) => join(folder, name))
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units], {
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
    const complaints = stderr.split('\n').filter((line) => line.includes(folder))
    assert.deepEqual(complaints, [])
  })

  it('give web and worker the roles that may do little, and their owner to all else', () => {
    for (const name of services) {
      const [, file] = /^LoadCredential=database-url:.*\/(database-url.*)$/m.exec(read(name))!
      const part = /-(?:web|worker)(?=\.service)/.exec(name)?.[0] ?? ''
      assert.equal(file, `database-url${part}`, name)
      if (part) assert.match(read(name), /^After=.* undersigned-migrate\.service$/m)
    }
  })

  it('keep the journal sealed, and send it away over TLS with certificates of both', () => {
    const journal = read('journald.conf')
    assert.match(journal, /^\[Journal\]\n(?:\w+=.*\n)*Seal=yes$/m)
    assert.match(journal, /^Storage=persistent$/m, 'only a journal on the disk is sealed')
    const upload = read('journal-upload.conf')
    assert.match(upload, /^\[Upload\]\nURL=https:\/\//m)
    for (const file of ['ServerKeyFile', 'ServerCertificateFile', 'TrustedCertificateFile']) {
      assert.match(upload, new RegExp(`^${file}=/`, 'm'))
    }
  })

  it('have scripts that a shell understands', () => {
    for (const name of ['undersigned-command', 'encrypt-secrets']) {
      execFileSync('sh', ['-n', join(FOLDER, name)])
    }
  })

  it('take their secrets encrypted, once a script has done so', {
    skip: lacks('systemd-analyze'),
  }, () => {
    const folder = temporaryFolder()
    const [etc, units, bin] = ['etc', 'units', 'bin'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    for (const each of [join(etc, 'secrets'), units, bin]) mkdirSync(each, { recursive: true })
    const secrets = ['database-url', 'database-url-web', 'database-url-worker', 'secret-key']
    for (const name of secrets) writeFileSync(join(etc, 'secrets', name), 'hunter2')
    for (const name of services) {
      writeFileSync(join(units, name), read(name).replaceAll('/usr/bin/node', process.execPath))
    }
    // In place of systemd's own, which would make a key for this machine: writes the name that it was given.
    writeFileSync(join(bin, 'systemd-creds'), '#!/bin/sh\necho "$2" > "$4"\n', { mode: 0o755 })
    writeFileSync(join(bin, 'systemctl'), '#!/bin/sh\n', { mode: 0o755 })
    const script = read('encrypt-secrets')
      .replace('etc=/etc/undersigned', `etc=${etc}`)
      .replace('units=/etc/systemd/system', `units=${units}`)
    execFileSync('sh', ['-c', script], { env: { PATH: `${bin}:${process.env.PATH}` } })
    assert.deepEqual(
      readdirSync(join(etc, 'secrets')),
      secrets.map((name) => `${name}.cred`).sort(),
    )
    const web = readFileSync(join(etc, 'secrets', 'database-url-web.cred'), 'utf8')
    assert.equal(web, '--name=database-url\n')
    for (const name of services) {
      const dropIn = readFileSync(join(units, `${name}.d`, 'encrypted-secrets.conf'), 'utf8')
      const plain = [...read(name).matchAll(/^LoadCredential=(.*)$/gm)].map(([, each]) => each)
      const encrypted = [...dropIn.matchAll(/^LoadCredentialEncrypted=(.*)\.cred$/gm)].map(
        ([, each]) => each,
      )
      assert.deepEqual(encrypted, plain)
      assert.match(dropIn, /^\[Service\]\nLoadCredential=\n/)
    }
    const { status, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', ...services.map((name) => join(units, name))],
      { encoding: 'utf8' },
    )
    assert.equal(status, 0, stderr)
    assert.deepEqual(
      stderr.split('\n').filter((line) => line.includes(folder)),
      [],
    )
  })

  it('have a Caddyfile that Caddy understands', { skip: lacks('caddy') }, () => {
    const { status, stderr } = spawnSync(
      'caddy',
      ['validate', '--adapter', 'caddyfile', '--config', join(FOLDER, 'Caddyfile')],
      { encoding: 'utf8', env: { ...process.env, HOME: temporaryFolder() } },
    )
    assert.equal(status, 0, stderr)
  })
})
