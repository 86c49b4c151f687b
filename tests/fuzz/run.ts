import { spawnSync } from 'node:child_process'

/**
 * The long form of tests/fuzz/fuzz-site.test.ts: `npm run fuzz`, or `npm run fuzz -- <seed>` for other
 * requests. In parts, since the runner ends a file that takes more than five minutes.
 */
const REQUESTS_A_PART = 52_000
const PARTS = 4

const first = Number(process.argv[2] ?? 1)
for (let part = 0; part < PARTS; part++) {
  const seed = first + part
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'tests/run.ts', 'fuzz/fuzz-site'],
    {
      stdio: 'inherit',
      env: { ...process.env, FUZZ_REQUESTS: String(REQUESTS_A_PART), FUZZ_SEED: String(seed) },
    },
  )
  if (status !== 0) process.exit(status ?? 1)
}
