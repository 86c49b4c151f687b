import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Timings, apart from the tests: `npm run bench` for the table, or its rows with the argument in their
 * name; or one of these with its size.
 */
const others = [
  'replay',
  'cache',
  'queries',
  'form-cost',
  'overload',
  'journeys',
  'sealing',
  'broadcast',
  'export-sealed',
  'deliver-pack',
  'unseal',
  'log',
  'verify',
  'mutations',
]
const [first = '', ...rest] = process.argv.slice(2)
const named = others.includes(first) || first === 'speed'
const [name, args] = named ? [first, rest] : ['speed', process.argv.slice(2)]
const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
const { status } = spawnSync(process.execPath, ['--import', 'tsx', file, ...args], {
  stdio: 'inherit',
})
process.exit(status ?? 1)
