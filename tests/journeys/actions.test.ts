import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { listActions } from '../../src/actions/list-actions.ts'
import { addActionCommands } from '../../src/commands/action.ts'
import { addLinkCommands } from '../../src/commands/link.ts'
import { addCommentCommands, addNameCommands } from '../../src/commands/moderation.ts'
import { DEMO } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { runProgram } from '../support/program.ts'
import { runCommand, runPetitionCommand } from '../support/run-command.ts'
import { signAndConfirm } from '../support/signer.ts'
import { inRole, runSql, TEST_ROLES } from '../support/test-database.ts'
import { TESTER } from '../support/tester.ts'

describe('whoever acts leaves a trace', () => {
  const harness = useFreshHarness()

  const actions = async () => {
    const all = []
    for await (const page of listActions(harness.site.db, {})) all.push(...page)
    return all.reverse()
  }
  const last = async () => (await actions()).at(-1)!
  const run = (add: Parameters<typeof runCommand>[1], ...line: string[]) =>
    runCommand(harness.site, add, line)

  it('of publishing: what the settings and texts were and are, once', async () => {
    const [published, ...others] = await actions()
    assert.deepEqual(others, [])
    assert.equal(published!.what, 'petition publish')
    assert.equal(published!.person, TESTER.person)
    assert.equal(published!.before, null)
    assert.deepEqual(published!.after!.texts, { en: 1, az: 1, ru: 1, be: 1 })
  })

  it('of each decision, in the transaction of the decision, and with nothing of a signer', async () => {
    const { site } = harness
    await signAndConfirm(harness, {
      email: 'rasul@example.org',
      name: 'Rasul Məmmədov',
      display: 'name',
      comment: 'A comment of my own.',
    })
    const [{ id }] = (await runSql(harness.databaseUrl, 'select signature_id as id from comment'))
      .rows as [{ id: string }]
    await runPetitionCommand(site, 'close', DEMO)
    assert.equal((await last()).what, 'petition close')
    await runPetitionCommand(site, 'close', DEMO)
    await runPetitionCommand(site, 'reopen', DEMO)
    const reopened = await last()
    assert.equal(reopened.what, 'petition reopen')
    assert.ok(reopened.before!.closed)
    await run(addCommentCommands, 'comment', 'approve', id)
    await run(addNameCommands, 'name', 'hide', id)
    await run(addLinkCommands, 'link', 'create', DEMO, '--name', 'A partner')
    await run(addLinkCommands, 'link', 'create', DEMO, '--name', 'A partner')
    const noted = await actions()
    assert.deepEqual(
      noted.slice(1).map(({ what }) => what),
      ['petition close', 'petition reopen', 'comment approve', 'name hide', 'link create'],
      'and none for what changes nothing',
    )
    const hidden = noted.find(({ what }) => what === 'name hide')!
    assert.deepEqual([hidden.before, hidden.after], [{ state: 'approved' }, { state: 'refused' }])
    const text = JSON.stringify(noted)
    for (const own of ['Rasul', 'rasul@', 'A comment', id]) assert.ok(!text.includes(own), own)
  })

  it('and nobody takes it back: not the web, not the owner of the tables', async () => {
    const { databaseUrl: url } = harness
    const web = inRole(url, TEST_ROLES.web)
    await runSql(
      web,
      `insert into action (at, face, person, what) values (now(), 'desk', 'anna', 'x')`,
    )
    for (const statement of [
      `update action set person = 'nobody'`,
      'delete from action',
      'truncate action',
    ]) {
      for (const who of [web, inRole(url, TEST_ROLES.worker), url]) {
        await assert.rejects(runSql(who, statement), { code: '42501' }, statement)
      }
    }
    await assert.rejects(runSql(web, 'select * from action'), { code: '42501' })
    assert.equal((await actions()).length, 2)
  })

  it('and none where the change fails', async () => {
    await runSql(
      harness.databaseUrl,
      `alter table petition add constraint never check (closed_at is null)`,
    )
    await assert.rejects(runPetitionCommand(harness.site, 'close', DEMO), /never/)
    assert.equal((await actions()).length, 1)
  })

  it('shown by "action list", of one petition or all, also as CSV', async () => {
    const { site, environment } = harness
    await runPetitionCommand(site, 'close', DEMO)
    const { output } = await run(addActionCommands, 'action', 'list', DEMO)
    const [zone, newest, change, first, ...rest] = output.split('\n')
    assert.equal(zone, 'Times are those of UTC.')
    assert.equal(newest, '2024-03-01 09:30  tester on tests closed cop29-baku')
    assert.equal(change, '    closed: 2024-03-01 09:30')
    assert.equal(first, '2024-03-01 09:30  tester on tests published the files of cop29-baku')
    assert.ok(rest[0]!.length < 400)
    assert.doesNotMatch(output, /[{}"\t]/)
    const json = await run(addActionCommands, 'action', 'list', DEMO, '--json', '--newest', '1')
    const { after, ...noted } = JSON.parse(json.output)
    assert.ok(after.closed)
    const face = 'command line'
    assert.deepEqual(noted, {
      ...{ at: '2024-03-01T09:30:00.000Z', face, person: 'tester@tests', what: 'petition close' },
      ...{ petition: DEMO, before: null },
    })
    assert.match((await run(addActionCommands, 'action', 'list', 'another')).output, /^Nothing/)

    await harness.connection.pool.query(
      `update petition set settings = settings || '{"zone": "Asia/Baku"}'`,
    )
    harness.site.petitions.drop()
    const own = await run(addActionCommands, 'action', 'list', DEMO, '--newest', '1')
    assert.match(own.output, /^Times are those of Asia\/Baku, UTC\+4\.\n2024-03-01 13:30 {2}tester/)
    assert.match(own.output, /closed: 2024-03-01 13:30$/m)

    const stdout = new PassThrough()
    const { code } = await run(
      (program, open) => addActionCommands(program, open, stdout),
      ...['action', 'list', '--format', 'csv', '--newest', '1'],
    )
    assert.equal(code, 0)
    const lines = String(stdout.read()).split('\r\n')
    assert.equal(lines[0], 'at,face,person,what,petition,before,after')
    assert.match(lines[1]!, /^2024-03-01T09:30:00.000Z,command line,tester@tests,petition close,/)
    assert.equal(lines.length, 3)

    const program = await runProgram(['link', 'create', DEMO, '--name', 'One'], environment).ended
    assert.equal(program.code, 0, program.errors)
    assert.match((await last()).person, /^[^@]+@[^@]+$/)
    assert.notEqual((await last()).person, TESTER.person)
  })
})
