import { spawnSync } from 'node:child_process'

/**
 * The long form of the tests here: `npm run fuzz`, or `npm run fuzz -- <seed> [parts]` for other requests. A million
 * requests, in parts, since the runner ends a file that takes more than five minutes; then the parsers. Ends with the
 * sum of all answers.
 */
const REQUESTS_A_PART = 20_000
const PARTS = 50
const PARSED_TIMES = 20

const [first = 1, parts = PARTS] = process.argv.slice(2).map(Number)
const sums = new Map<string, number>()
let mostGrown = 0
const begun = performance.now()
for (let part = 0; part < parts; part++) {
  add(run('fuzz/fuzz-site', { FUZZ_REQUESTS: REQUESTS_A_PART, FUZZ_SEED: first + part }))
  tell(part + 1)
}
run('fuzz/fuzz-parsers', { FUZZ_TIMES: PARSED_TIMES })

/** @returns what it wrote */
function run(file: string, sizes: Record<string, number>): string {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'tests/run.ts', file],
    {
      stdio: ['inherit', 'pipe', 'inherit'],
      encoding: 'utf8',
      env: {
        ...process.env,
        ...Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, String(size)])),
      },
    },
  )
  if (status === 0) return stdout
  process.stdout.write(stdout)
  process.exit(status ?? 1)
}

/** The line that tests/fuzz/fuzz-site.test.ts ends with. */
function add(output: string): void {
  const [, grown, statuses] =
    /(-?\d+) MB more than after a quarter; \d+ answers: (.+)/.exec(output) ?? []
  if (!statuses) throw new Error('the part of the fuzz wrote no sum')
  mostGrown = Math.max(mostGrown, Number(grown))
  for (const [, status, count] of statuses.matchAll(/(\d{3}) (\d+)×/g)) {
    sums.set(status!, (sums.get(status!) ?? 0) + Number(count))
  }
}

function tell(done: number): void {
  const all = [...sums].sort(([a], [b]) => (a < b ? -1 : 1))
  const answers = all.reduce((sum, [, count]) => sum + count, 0)
  const each = all.map(([status, count]) => `${status} ${count}×`).join(', ')
  const minutes = Math.round((performance.now() - begun) / 60_000)
  console.log(
    `${done} of ${parts} parts, ${minutes} min: ${answers} answers (${each}); in a part memory grew by ${mostGrown} MB at most after its first quarter`,
  )
}
