import pg from 'pg'
import { startEmbedded } from '../../../../src/platform/database/embedded/start-embedded.ts'

// A program that owns an embedded server, for tests that kill it. It prints one line of JSON when
// the server runs or when it does not, and after SIGINT whether the server still answered.

const report = (facts: object) => process.stdout.write(`${JSON.stringify(facts)}\n`)

async function own(dataDir: string): Promise<void> {
  const server = await startEmbedded({ dataDir })
  process.once('SIGINT', async () => {
    // Time for the signal to reach the server too, if it were in our process group.
    await new Promise((resolve) => setTimeout(resolve, 300))
    const client = new pg.Client({ connectionString: server.url })
    const answered = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end()
    await server.stop()
    report({ answered })
    process.exit(0)
  })
  report({ url: server.url, staged: server.staged })
  setInterval(() => {}, 60_000) // the server by itself keeps no program alive
}

own(String(process.argv[2])).catch((error: Error) => {
  report({ name: error.name, message: error.message })
  process.exitCode = 1
})
