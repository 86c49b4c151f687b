import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbedded } from '../../../src/platform/database/embedded/start-embedded.ts'
import { until } from '../../support/until.ts'
import { isGone, query, serverPid } from './support/run-owner.ts'
import { temporaryFolder } from './support/temporary.ts'

const answers = (url: string) => () =>
  query(url, 'select 1').then(
    () => true,
    () => false,
  )

test('a server that is killed is started again on its port, with what was committed', async (t) => {
  const lines: string[] = []
  const dataDir = await temporaryFolder(t)
  const start = () => startEmbedded({ dataDir, onEnd: (line) => lines.push(line) })
  const kill = async () => {
    const killed = await serverPid(dataDir)
    process.kill(killed, 'SIGKILL')
    assert.ok(await isGone(killed, 5000))
  }
  const first = await start()
  await query(first.url, 'create table kept (number int)')
  for (let time = 1; time <= 2; time++) {
    await query(first.url, `insert into kept values (${time})`)
    await kill()
    await until(answers(first.url))
    assert.deepEqual(await query(first.url, 'select count(*)::int from kept'), [[time]])
  }
  const last = await serverPid(dataDir)
  await first.stop()
  assert.ok(await isGone(last, 5000), 'the last one is stopped')
  assert.match(lines[0]!, /ended by SIGKILL.*started again/)
  assert.equal(lines.length, 4, lines.join('\n'))

  // A stop while it waits to start it again, and one while it starts it.
  for (const wait of [0, 600]) {
    const server = await start()
    const told = lines.length
    await kill()
    await until(() => lines.length > told)
    await sleep(wait)
    await server.stop()
    const pid = await serverPid(dataDir).catch(() => null)
    assert.ok(pid === null || (await isGone(pid, 5000)), `after ${wait} ms`)
  }
})
