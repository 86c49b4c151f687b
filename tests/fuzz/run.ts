import { spawnSync } from 'node:child_process'

/**
 * The long form of the tests here: `npm run fuzz`, or `npm run fuzz -- <seed> [parts]` for other requests. A million
 * requests, in parts, since the runner ends a file that takes more than five minutes; then the parsers.
 */
const REQUESTS_A_PART = 40_000
const PARTS = 25
const PARSED_TIMES = 20

const [first = 1, parts = PARTS] = process.argv.slice(2).map(Number)
for (let part = 0; part < parts; part++) {
  run('fuzz/fuzz-site', { FUZZ_REQUESTS: REQUESTS_A_PART, FUZZ_SEED: first + part })
}
run('fuzz/fuzz-parsers', { FUZZ_TIMES: PARSED_TIMES })

function run(file: string, sizes: Record<string, number>): void {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'tests/run.ts', file], {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, String(size)])),
    },
  })
  if (status !== 0) process.exit(status ?? 1)
}
