import assert from 'node:assert/strict'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { verifyEd25519 } from '../../src/log/core/note/node-ed25519.ts'
import { parseVkey } from '../../src/log/core/note/note-key.ts'
import { openCheckpoint } from '../../src/log/core/note/open-checkpoint.ts'
import { createLogWriter } from '../../src/log/open-log.ts'
import type { LogWriter } from '../../src/log/sequencing/log-writer.ts'
import { sequenceLog } from '../../src/log/sequencing/sequence-log.ts'
import { parseWitnesses } from '../../src/log/witnesses/parse-witnesses.ts'
import { type RunningWitness, startWitness } from '../../src/offline/witness/start-witness.ts'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { checkPublicLog, readPublicLog } from '../support/public-log.ts'
import { signAndConfirm } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('witnesses of the public log', () => {
  let harness: Harness
  let folder: string
  let running: RunningWitness[]
  beforeEach(async () => {
    harness = await startHarness()
    folder = temporaryFolder()
    running = []
    await harness.sequence()
  })
  afterEach(async () => {
    for (const witness of running) await witness.stop()
    await harness.close()
  })

  async function start(name: string, port = 0): Promise<RunningWitness> {
    const { vkey } = await readPublicLog(harness)
    const witness = await startWitness({
      name,
      logs: [parseVkey(vkey)],
      keyFile: join(folder, `${name}.key`),
      stateFile: join(folder, `${name}.json`),
      newKeysFor: [],
      host: '127.0.0.1',
      port,
      clock: harness.clock,
      onSplitView: () => assert.fail('no two logs here'),
    })
    running.push(witness)
    return witness
  }

  const writerFor = (witnesses: { vkey: string; url: string }[]): Promise<LogWriter> => {
    const text = witnesses.map(({ vkey, url }) => `${vkey} ${url}`).join(',')
    const config = { ...harness.site.config, logWitnesses: parseWitnesses(text) }
    return createLogWriter({ ...harness.site, config })
  }

  async function cosigners(vkeys: string[]): Promise<string[]> {
    const log = await readPublicLog(harness)
    const opened = await openCheckpoint(log.checkpoint, {
      logKeys: [parseVkey(log.vkey)],
      witnessKeys: vkeys.map(parseVkey),
      verify: verifyEd25519,
    })
    assert.ok(opened.ok)
    return opened.cosigned.map(({ key }) => key.name).sort()
  }

  it('cosign what is published, from checkpoint to checkpoint', async () => {
    const witnesses = [await start('one.example'), await start('two.example')]
    const writer = await writerFor(witnesses)
    for (const email of ['a@example.org', 'b@example.org']) {
      await signAndConfirm(harness, { email })
      await harness.seal()
      await sequenceLog(harness.site.db, writer)
      const vkeys = witnesses.map(({ vkey }) => vkey)
      assert.deepEqual(await cosigners(vkeys), ['one.example', 'two.example'])
      await checkPublicLog(harness)
    }
  })

  it('that are away hold up nothing, and sign later what is still the newest', async () => {
    const port = await freePort()
    const first = await start('late.example', port)
    await first.stop()
    running = []
    const writer = await writerFor([first])
    await signAndConfirm(harness)
    await harness.seal()
    await sequenceLog(harness.site.db, writer)
    assert.deepEqual(await cosigners([first.vkey]), [])
    assert.equal((await checkPublicLog(harness)).checkpoint.size, 6)
    assert.match(harness.logged.join(''), /a witness has not cosigned the checkpoint/)

    await start('late.example', port)
    await sequenceLog(harness.site.db, writer)
    assert.deepEqual(await cosigners([first.vkey]), ['late.example'])
  })
})
