import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Timings, apart from the tests: `npm run bench`, or one of them with its size. */
const all = ['speed', 'sealing', 'export-sealed', 'unseal', 'log', 'verify']
/** Long ones, only when they are asked for. */
const long = ['mutations']
const [only, ...args] = process.argv.slice(2)
if (only && ![...all, ...long].includes(only)) {
  console.error(`There is no bench "${only}": ${[...all, ...long].join(', ')}.`)
  process.exit(2)
}
for (const name of only ? [only] : all) {
  console.log(`\n${name}`)
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', file, ...args], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
