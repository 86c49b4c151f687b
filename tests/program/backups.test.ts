import assert from 'node:assert/strict'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { freePort } from '../../src/platform/database/embedded/launch-server.ts'
import { type Program, runProgram } from '../support/program.ts'
import { makeBackupKey } from '../support/restored-site.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('the commands "backup" and "restore" with the embedded database', () => {
  it('bring a site that ran and went on to an empty machine, where its log goes on', async () => {
    const [home, elsewhere] = [temporaryFolder(), temporaryFolder()]
    const { identity, recipient } = makeBackupKey()
    const [key, backups] = [join(elsewhere, 'key.txt'), join(elsewhere, 'backups')]
    await writeFile(key, `${identity}\n`)
    const environment = async (dataDir: string) => ({
      DATA_DIR: dataDir,
      PUBLIC_URL: 'http://petitions.test',
      PORT: String(await freePort()),
      INBOX_PORT: '0',
      LOG_INTERVAL: '1',
      BACKUP_RECIPIENT: recipient,
    })
    const here = await environment(home)
    const command = async (args: string[], settings: Record<string, string>) => {
      const { code, output, errors } = await runProgram(args, settings).ended
      return { code, said: output + errors }
    }
    const without = await command(['backup', '--out', backups], { ...here, BACKUP_RECIPIENT: '' })
    assert.equal(without.code, 1)
    assert.match(without.said, /no key to encrypt the backup to/)

    const program = runProgram(['start'], here)
    await program.untilRunning()
    const origin = `http://127.0.0.1:${here.PORT}`
    await untilLogged(origin, program)
    const file = join(elsewhere, 'site.age')
    const made = await command(['backup', '--out', file, '--quiet'], here)
    assert.equal(made.code, 0, made.said)
    const again = await command(['backup', '--out', file], here)
    assert.match(again.said, /is there already/)
    const named = await command(['backup', '--out', elsewhere, '--quiet'], here)
    assert.equal(named.code, 0, named.said)
    const [other] = (await readdir(elsewhere)).filter((name) =>
      /^undersigned-\d{8}T\d{6}Z\.age$/.test(name),
    )
    assert.ok(other)

    const there = await environment(join(elsewhere, 'data'))
    const running = await command(['restore', file, '--identity', key], here)
    assert.match(running.said, /another undersigned runs with this DATA_DIR/)
    const down = await command(['migrate', 'down'], here)
    assert.equal(down.code, 1)
    assert.match(down.said, /other sessions use the database \(\d+, of undersigned\): stop web/)
    const strange = await command(
      ['restore', file, '--identity', key, '--log-from', backups, '--quiet'],
      there,
    )
    assert.equal(strange.code, 1)
    assert.match(strange.said, /is no folder with a log's "checkpoint" in it/)
    assert.ok(!(await readdir(elsewhere)).includes('data'), 'nothing was made')
    const restored = await command(
      ['restore', file, '--identity', key, '--log-from', origin, '--quiet'],
      there,
    )
    assert.equal(restored.code, 0, restored.said)
    program.child.kill('SIGTERM')
    await program.ended

    const refused = await command(['restore', file, '--identity', key, '--quiet'], there)
    assert.match(refused.said, /not empty: it holds the data of petitions\.test/)
    const wrong = await command(
      ['restore', file, '--identity', key, '--replace', 'other.test', '--quiet'],
      there,
    )
    assert.match(wrong.said, /--replace names other\.test/)
    const replaced = await command(
      [
        'restore',
        join(elsewhere, other!),
        '--identity',
        key,
        '--replace',
        'petitions.test',
        '--quiet',
      ],
      there,
    )
    assert.equal(replaced.code, 0, replaced.said)

    const second = runProgram(['start'], there)
    await second.untilRunning()
    await untilLogged(`http://127.0.0.1:${there.PORT}`, second)
    second.child.kill('SIGTERM')
    assert.equal((await second.ended).code, 0)
  })
})

/** The demonstration's first entries are in the public log. */
async function untilLogged(origin: string, program: Program): Promise<void> {
  for (;;) {
    const answer = await fetch(`${origin}/log/checkpoint`)
    await answer.arrayBuffer()
    if (answer.status === 200) return
    const ended = await Promise.race([
      program.ended,
      new Promise<null>((r) => setTimeout(r, 300, null)),
    ])
    if (ended) throw new Error(ended.errors)
  }
}
