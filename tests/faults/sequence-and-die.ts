import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database } from '../../src/database.ts'
import { signerFromSeed } from '../../src/log/core/note/node-ed25519.ts'
import { ED25519 } from '../../src/log/core/note/note-key.ts'
import { sequenceLog } from '../../src/log/sequencing/sequence-log.ts'
import { systemClock } from '../../src/platform/clock.ts'

/**
 * Runs the sequencer once and kills itself without warning: after its nth statement, or after some
 * milliseconds. Says how many statements it took when it lived.
 */
const [url, folder, killAfter, killInMs] = process.argv.slice(2)

let statements = 0
const db = new Kysely<Database>({
  dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 4 }) }),
  log() {
    statements++
    if (statements === Number(killAfter)) process.kill(process.pid, 'SIGKILL')
  },
})

async function run(): Promise<void> {
  if (Number(killInMs) > 0) {
    // From the first statement on: what comes before is the start of the process.
    await db.selectFrom('log_state').select('sequenced').execute()
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(killInMs))
  }
  await sequenceLog(db, {
    clock: systemClock,
    signer: signerFromSeed('log.example/crash', ED25519, new Uint8Array(32).fill(7)),
    folder: folder!,
    tagsFile: join(folder!, 'mailbox-tags'),
    randomInt: (below) => randomInt(below),
    cosign: async (note) => note,
    figuresKey: Buffer.alloc(32, 9),
    minBatch: 1,
  })
  await db.destroy()
  console.log(statements)
}

void run()
