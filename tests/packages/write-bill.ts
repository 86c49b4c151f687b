/**
 * `npm run sbom`: npm's bill of materials, with one mend. A package that the program and a tool of development need in
 * the same version, each in a folder of its own, is listed once, and npm marks it by the one that it meets first: here
 * it is the program's. docs/decisions/0046 has why npm writes it.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { nameOf } from './affected.ts'

const ARGUMENTS = '--sbom-format cyclonedx --sbom-type application --package-lock-only'
const MOST_BYTES = 64 * 1024 * 1024
const DEVELOPMENT = 'cdx:npm:package:development'

interface Component {
  name: string
  version: string
  properties: { name: string }[]
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const locked = Object.entries<{ version: string; dev?: boolean }>(lock.packages)
const run = new Set(
  locked
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version }]) => `${nameOf(path)}@${version}`),
)
const options = { encoding: 'utf8', maxBuffer: MOST_BYTES } as const
const bill: { components: Component[] } = JSON.parse(
  execFileSync('npm', ['sbom', ...ARGUMENTS.split(' ')], options),
)
for (const component of bill.components) {
  if (!run.has(`${component.name}@${component.version}`)) continue
  component.properties = component.properties.filter(({ name }) => name !== DEVELOPMENT)
}
console.log(JSON.stringify(bill, null, 2))
