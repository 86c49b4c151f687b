import { createHash, randomInt } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { readConfig } from '../../src/config.ts'
import { formatEntry } from '../../src/log/core/entry/entry-line.ts'
import { signerFromSeed } from '../../src/log/core/note/node-ed25519.ts'
import { ED25519, formatVkey } from '../../src/log/core/note/note-key.ts'
import { appendLeaf, edgeTiles, emptyTree, rootOf } from '../../src/log/core/tree/grow-tree.ts'
import { EMPTY_ROOT } from '../../src/log/core/tree/hash-tree.ts'
import { proveInclusion } from '../../src/log/core/tree/prove-inclusion.ts'
import type { Tile } from '../../src/log/core/tree/tile.ts'
import { verifyInclusion } from '../../src/log/core/tree/verify-inclusion.ts'
import type { LogWriter } from '../../src/log/sequencing/log-writer.ts'
import { sequenceLog } from '../../src/log/sequencing/sequence-log.ts'
import { createGetTile, writeTiles } from '../../src/log/store/bundles-and-tiles.ts'
import { insertQueued } from '../../src/log/store/log-queue.ts'
import { insertState } from '../../src/log/store/log-state.ts'
import { equalBytes } from '../../src/platform/bytes.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { migrateUp } from '../../src/platform/database/migrate.ts'
import { newId } from '../../src/platform/random-id.ts'
import { openSite } from '../../src/site.ts'
import { TESTER } from '../support/tester.ts'
import { removeData } from './remove-data.ts'

/**
 * How fast entries join the public log, through real PostgreSQL and onto a real disk, as the log grows,
 * and what an inclusion proof takes in a large one: npm run bench -- log [entries] [size for proofs]
 */
const entries = Number(process.argv[2] ?? 200_000)
const large = Number(process.argv[3] ?? 1_000_000)
const ROUNDS = 4
const CHUNK = 20_000

const dataDir = await mkdtemp(join(tmpdir(), 'undersigned-bench-'))
const open = await openSite(readConfig({ DATA_DIR: dataDir }), null, { share: false })
const { db, petitions } = open.site
const signer = signerFromSeed('bench.example/log', ED25519, Buffer.alloc(32, 5))
const writer: LogWriter = {
  clock: systemClock,
  signer,
  folder: join(dataDir, 'log'),
  tagsFile: join(dataDir, 'mailbox-tags'),
  cosign: async (note) => note,
  figuresKey: Buffer.alloc(32, 6),
  minBatch: 1,
  randomInt: (below) => randomInt(below),
}
try {
  await migrateUp(open.connection.db, open.connection.pool)
  await open.site.publishing.publishDemo(TESTER)
  await insertState(db, { origin: signer.key.name, vkey: formatVkey(signer.key), root: EMPTY_ROOT })
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores; Node ${process.version}`)
  const { id: petitionId } = (await petitions.all())[0]!
  for (let round = 0; round < ROUNDS; round++) await sequence(petitionId, round * entries)
  await prove()
} finally {
  await open.close()
  await removeData(dataDir, open)
}
process.exit(0)

async function sequence(petitionId: number, first: number): Promise<void> {
  for (let at = 0; at < entries; at += CHUNK) {
    const count = Math.min(CHUNK, entries - at)
    await insertQueued(
      db,
      Array.from({ length: count }, () => {
        const signatureId = newId()
        const commitment = createHash('sha256').update(signatureId).digest('base64')
        const hour = '2024-11-11T10Z'
        const entry = formatEntry({ kind: 'sign', slug: 'cop29-baku', hour, commitment })
        return { petitionId, signatureId, change: 1 as const, entry, counted: null }
      }),
    )
  }
  await sql`checkpoint`.execute(db)
  const cpuBefore = process.cpuUsage()
  const begun = performance.now()
  const taken = await sequenceLog(db, writer)
  const seconds = (performance.now() - begun) / 1000
  const cpu = process.cpuUsage(cpuBefore)
  const own = (cpu.user + cpu.system) / 1e6
  const rate = Math.round(taken / seconds).toLocaleString('en')
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  console.log(
    `sequenced ${taken.toLocaleString('en')} onto a log of ${first.toLocaleString('en')}: ${rate}/s (copy on disk included; ${own.toFixed(1)} s of ${seconds.toFixed(1)} s in the process itself), memory at most ${peak} MB`,
  )
}

/** A log of that size by its tiles alone: a proof reads nothing else. */
async function prove(): Promise<void> {
  await sql`truncate log_tile`.execute(db)
  const tree = emptyTree()
  let full: Tile[] = []
  const leaf = (index: number) => createHash('sha256').update(String(index)).digest()
  for (let index = 0; index < large; index++) {
    appendLeaf(tree, leaf(index), (tile) => full.push(tile))
    if (full.length < 200) continue
    await writeTiles(db, full)
    full = []
  }
  await writeTiles(db, [...full, ...edgeTiles(tree)])
  await sql`vacuum analyze log_tile`.execute(db)
  const getTile = createGetTile(db)
  const root = rootOf(tree)
  const times: number[] = []
  for (let round = 0; round < 500; round++) {
    const index = randomInt(large)
    const begun = performance.now()
    const proof = await proveInclusion(index, large, getTile)
    times.push(performance.now() - begun)
    const claim = { index, size: large, leafHash: leaf(index), root, proof }
    if (!verifyInclusion(claim) || !equalBytes(root, rootOf(tree))) throw new Error('a wrong proof')
  }
  times.sort((a, b) => a - b)
  const [median, p99] = [times[250]!, times[495]!]
  console.log(
    `inclusion proof in a log of ${large.toLocaleString('en')}: median ${median.toFixed(2)} ms, 99 % under ${p99.toFixed(2)} ms`,
  )
}
