import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { nameOf } from './affected.ts'

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))

interface Outcome {
  code: number
  output: string
}

/** npm without the settings of whoever runs the tests. */
function runNpm(args: string[], settings: Record<string, string> = {}): Promise<Outcome> {
  const folder = temporaryFolder()
  const { PATH = '' } = process.env
  const env = {
    PATH,
    HOME: folder,
    npm_config_cache: folder,
    npm_config_fetch_retries: '0',
    ...settings,
  }
  return new Promise((resolve) => {
    execFile('npm', args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, output) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, output })
    })
  })
}

/** `npm run advisories` with a registry of its own, which answers questions for advisories so. */
async function runAdvisories(answer: RequestListener): Promise<Outcome> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await runNpm(['run', '-s', 'advisories'], {
      npm_config_registry: `http://127.0.0.1:${port}/`,
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const answerWith =
  (advisories: unknown): RequestListener =>
  (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(404).end('{}')
    response.setHeader('content-type', 'application/json').end(JSON.stringify(advisories))
  }

const about = (id: string, severity: string) => ({
  id: 1,
  url: `https://github.com/advisories/${id}`,
  title: 'Somebody reads everything',
  severity,
  vulnerable_versions: '<99.0.0',
  cwe: [],
  cvss: { score: 9, vectorString: null },
})

describe('npm run advisories', () => {
  it('fails with what the service says of a locked package', async () => {
    const grave = { kysely: [about('GHSA-2222-3333-4444', 'high')] }
    const { code, output } = await runAdvisories(answerWith(grave))
    assert.equal(code, 1, output)
    assert.match(output, /npm audit knows 1 advisories/)
    assert.match(output, /kysely <99\.0\.0: Somebody reads everything \(high\)/)
  })

  it('passes where the service knows nothing, less than high, or what has been accepted', async () => {
    assert.equal((await runAdvisories(answerWith({}))).code, 0)
    const mild = { kysely: [about('GHSA-2222-3333-4444', 'moderate')] }
    assert.equal((await runAdvisories(answerWith(mild))).code, 0)
    const known = { 'sanitize-html': [about('GHSA-g8qq-57p8-ggw5', 'high')] }
    const { code, output } = await runAdvisories(answerWith(known))
    assert.equal(code, 0, output)
    assert.match(output, /accepted: Only the tags/)
  })

  it('says so where the service does not answer, and looks into the file instead', async () => {
    const refused = await runAdvisories((_request, response) => response.writeHead(405).end())
    assert.equal(refused.code, 0, refused.output)
    assert.match(refused.output, /audit service does not answer \(405 .*advisories\.json instead/)
    const cut = await runAdvisories((request) => request.socket.destroy())
    assert.match(cut.output, /audit service does not answer/)
  })
})

/** What the schema of CycloneDX 1.5 demands, or allows, of what npm writes. */
const BOM_KEYS = ['$schema', 'bomFormat', 'specVersion', 'serialNumber', 'version', 'metadata']
BOM_KEYS.push('components', 'dependencies')
const COMPONENT_KEYS = ['bom-ref', 'type', 'name', 'version', 'scope', 'author', 'description']
COMPONENT_KEYS.push('purl', 'properties', 'externalReferences', 'hashes', 'licenses')
const SERIAL = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

interface Component {
  'bom-ref': string
  type: string
  name: string
  version: string
  scope: string
  purl: string
  properties: { name: string; value: string }[]
  hashes?: { alg: string; content: string }[]
  licenses?: { license?: { id?: string; name?: string }; expression?: string }[]
}

const DEVELOPMENT = 'cdx:npm:package:development'

describe('npm run sbom', () => {
  it('lists every locked package as CycloneDX 1.5, and marks those of development, without a network', async () => {
    const { code, output } = await runNpm(['run', '-s', 'sbom'], {
      npm_config_registry: 'http://127.0.0.1:9/',
    })
    assert.equal(code, 0)
    const bom = JSON.parse(output)
    assert.deepEqual(
      Object.keys(bom).filter((key) => !BOM_KEYS.includes(key)),
      [],
    )
    assert.equal(bom.bomFormat, 'CycloneDX')
    assert.equal(bom.specVersion, '1.5')
    assert.match(bom.serialNumber, SERIAL)
    assert.equal(bom.version, 1)
    assert.ok(!Number.isNaN(Date.parse(bom.metadata.timestamp)))
    assert.equal(bom.metadata.component.type, 'application')
    assert.match(bom.metadata.component.purl, /^pkg:npm\/undersigned@\d/)
    const components: Component[] = bom.components
    for (const component of components) checkComponent(component)
    checkDependencies(bom.dependencies, [bom.metadata.component, ...components])
    assert.deepEqual(new Set(components.map(namesOf)), new Set(lockedNames(() => true)))
    // npm sbom --omit dev would drop what development needs, too: https://github.com/npm/cli/issues/7909
    const isRun = ({ properties }: Component) =>
      !properties.some(({ name }) => name === DEVELOPMENT)
    const run = new Set(components.filter(isRun).map(namesOf))
    assert.deepEqual(run, new Set(lockedNames(({ dev }) => !dev)))
    assert.ok([...run].some((name) => name.startsWith('pg-protocol@')))
  })
})

const namesOf = ({ name, version }: Component) => `${name}@${version}`

const lockedNames = (isWanted: (locked: { dev?: boolean }) => boolean): string[] =>
  Object.entries<{ version: string; dev?: boolean }>(lock.packages)
    .filter(([path, locked]) => path !== '' && isWanted(locked))
    .map(([path, { version }]) => `${nameOf(path)}@${version}`)

function checkComponent(component: Component): void {
  const { type, name, scope, purl, hashes = [], licenses = [] } = component
  const unknown = Object.keys(component).filter((key) => !COMPONENT_KEYS.includes(key))
  assert.deepEqual(unknown, [], name)
  assert.equal(type, 'library')
  assert.ok(scope === 'required' || scope === 'optional')
  assert.match(purl, /^pkg:npm\/[^\s]+@\d/)
  assert.equal(hashes.length, 1, name)
  assert.equal(hashes[0]!.alg, 'SHA-512')
  assert.match(hashes[0]!.content, /^[0-9a-f]{128}$/)
  // Its package.json names none; its LICENSE file is the MIT licence.
  if (name === 'png-js') {
    assert.deepEqual(licenses, [])
    return
  }
  // Either licences or one expression.
  assert.equal(licenses.length, 1, name)
  const [{ license, expression } = {}] = licenses
  assert.equal(Boolean(license?.id ?? license?.name) !== Boolean(expression), true, name)
}

function checkDependencies(
  dependencies: { ref: string; dependsOn?: string[] }[],
  components: Component[],
): void {
  const refs = components.map((component) => component['bom-ref'])
  assert.equal(new Set(refs).size, refs.length)
  assert.deepEqual(dependencies.map(({ ref }) => ref).sort(), [...refs].sort())
  for (const { ref, dependsOn = [] } of dependencies) {
    assert.equal(new Set(dependsOn).size, dependsOn.length, ref)
    for (const other of dependsOn) assert.ok(refs.includes(other), `${ref}: ${other}`)
  }
}
