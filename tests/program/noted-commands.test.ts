import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Command } from 'commander'
import { wordsOf } from '../../src/commands/action-words.ts'
import { addCommands } from '../../src/commands/add-commands.ts'

/** The file of src whose verb notes the action. */
const NOTED: Readonly<Record<string, string[]>> = {
  'commands/migrate.ts': ['migrate', 'migrate roles'],
  'publishing/publish-petition.ts': ['petition publish'],
  'publishing/preview-link.ts': ['petition preview-link'],
  'publishing/stage.ts': ['petition pause', 'petition resume', 'petition hide', 'petition show'],
  'publishing/mark-delivered.ts': ['petition delivered', 'petition answered'],
  'publishing/end-petition.ts': [
    'petition close',
    'petition reopen',
    'petition archive',
    'petition delete',
  ],
  'update/publish-update.ts': ['update publish'],
  'update/mail/mail-test.ts': ['update test'],
  'update/mail/begin-broadcast.ts': ['update mail'],
  'update/mail/steer-broadcast.ts': ['update pause', 'update resume', 'update cancel'],
  'sharing/partner-links.ts': ['link create'],
  'signature/moderation/decide.ts': ['moderation approve', 'moderation hide', 'moderation undo'],
  'signature/shown/moderate.ts': ['comment approve', 'comment refuse', 'name show', 'name hide'],
  'target/import-targets.ts': ['target import', 'target add', 'target remove'],
  'target/note-entry.ts': ['target ask', 'target answer', 'target mistake'],
  'signature/mail/release-held.ts': ['held release', 'held erase'],
  'scrutiny/close-alert.ts': ['alert close'],
  'scrutiny/quarantine.ts': ['quarantine start', 'quarantine release', 'quarantine void'],
  'signature/recompute-tags.ts': ['tags recompute'],
  'commands/subscriber.ts': ['subscriber export'],
  'sealing/recipients.ts': ['keys prove'],
  'restoring/rebuild-log.ts': ['log rebuild'],
  'commands/backup.ts': ['backup'],
  'restoring/restore-backup.ts': ['restore'],
  'commands/quarantine.ts': ['quarantine sample'],
  'commands/export.ts': ['export counts', 'export signatures'],
  'delivery/delivery.ts': ['deliver pack'],
  'paper/add-paper.ts': ['paper add'],
  'paper/papers.ts': ['paper export'],
  'imported/take-in.ts': ['import signatures'],
  'imported/invite.ts': ['import invite'],
  'imported/imports.ts': ['import remove', 'import export'],
  'signature/void-signatures.ts': ['void'],
  'webhook/manage-webhooks.ts': [
    'webhook add',
    'webhook pause',
    'webhook resume',
    'webhook remove',
    'webhook rotate',
    'webhook replay',
  ],
  'webhook/webhooks.ts': ['webhook test'],
}

/** They show what the database has, and change and hand out nothing that is sealed or asked for in mass. */
const READING = [
  'doctor',
  'petition list',
  'update list',
  'update status',
  'moderation list',
  'comment list',
  'name list',
  'target list',
  'target history',
  'held list',
  'alert list',
  'mirror export',
  'quarantine count',
  'quarantine list',
  'keys challenge',
  'keys list',
  'action list',
  'link list',
  'webhook list',
  'webhook failed',
  'share',
  'log status',
  'log vkey',
  'paper sheet',
  'paper list',
  'import list',
]

/** They work on files and need no database; nothing of the site is changed by them. */
const WITHOUT_DATABASE = [
  'petition new',
  'petition preview',
  'update new',
  'update preview',
  'keys generate',
  'keys answer',
  'backup check',
  'backup secrets',
  'unseal',
  'reseal',
  'unsealing-page',
  'verify',
  'verifier',
  'audit draw',
  'audit check',
  'witness',
]

describe('what people change by a command', () => {
  it('is noted: each command is on the list of those that note it, or of those that need not', async () => {
    const program = new Command('undersigned')
    await addCommands(program, undefined, async () => {})
    const listed = [...Object.values(NOTED).flat(), ...READING, ...WITHOUT_DATABASE]
    assert.deepEqual(listActing(program).sort(), listed.sort())
  })

  it('is told in words of its own', () => {
    const noted = Object.values(NOTED).flat().flatMap((each) => (each === 'migrate' ? ['migrate up', 'migrate down'] : [each])) // biome-ignore format: one line
    assert.deepEqual(
      noted.filter((each) => wordsOf(each, 'x').startsWith('did "')),
      [],
    )
  })

  for (const [file, commands] of Object.entries(NOTED)) {
    it(`by ${file}: ${commands.join(', ')}`, () => {
      assert.match(readFileSync(`src/${file}`, 'utf8'), /\b(?:noteAction|actions\.note)\(/)
    })
  }
})

/** Commands that do something themselves, and are no mere group. */
function listActing(command: Command, words: string[] = []): string[] {
  const acts = '_actionHandler' in command && command._actionHandler
  const own = acts && words.length > 0 ? [words.join(' ')] : []
  return [...own, ...command.commands.flatMap((each) => listActing(each, [...words, each.name()]))]
}
