import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { Command } from 'commander'
import { addCommands } from '../../src/commands/add-commands.ts'

const MENTION = /"undersigned ([a-z][^`'"\n]*)/g
/** A line may go on behind a backslash. */
const COPIED = /(?:: | {2})undersigned ([a-z](?:\\\\\n|[^`'\n])*)/g

/** The commander of what runs the site; and a cell of a list, which names a command alone. */
const UNREAD = ['main.ts', 'sealing/record/list-columns.ts']

interface Named {
  file: string
  line: string
  /** Between quotation marks a command is only named; elsewhere it is there to be copied. */
  isMention: boolean
}

describe('a command that a message or a help names', () => {
  const program = new Command('undersigned')
  before(() => addCommands(program, undefined, async () => {}))
  const named = listNamed()

  it('is there, with the options that it is given', () => {
    for (const { file, line } of named) {
      const { command, rest } = follow(program, wordsOf(line))
      // main.ts has those that run the site.
      if (command === program) assert.match(line, /^(?:start|web|worker)\b/, file)
      const group = command !== program && command.commands.length > 0 && !('_actionHandler' in command && command._actionHandler) // biome-ignore format: one line
      if (group) assert.ok(rest[0] === undefined || rest[0].startsWith('--'), `${file}: ${line}`)
      const known = ['--help', ...command.options.map(({ long }) => long)]
      for (const word of rest.filter((each) => each.startsWith('--') && each !== '--x')) {
        assert.ok(known.includes(word), `${file}: ${line} has no ${word}`)
      }
    }
  })

  it('has all that it needs where it is there to be copied', () => {
    const copied = named.filter(({ isMention }) => !isMention)
    assert.ok(copied.length > 40, `only ${copied.length} are found`)
    for (const { file, line } of copied) {
      const { command, rest } = follow(program, wordsOf(line))
      const given = argumentsOf(command, rest)
      const needed = command.registeredArguments.filter(({ required }) => required)
      assert.ok(given >= needed.length, `${file}: ${line} lacks <${needed[given]?.name()}>`)
      for (const { long, mandatory } of command.options) {
        if (mandatory) assert.ok(rest.includes(long!), `${file}: ${line} lacks ${long}`)
      }
    }
  })
})

function listNamed(): Named[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts') && !UNREAD.includes(file))
    .flatMap((file) => {
      const text = readFileSync(join('src', file), 'utf8')
      const isComment = (at: number) =>
        /^ *(?:\/?\*|\/\/)/.test(text.slice(text.lastIndexOf('\n', at) + 1))
      return [
        ...[...text.matchAll(MENTION)].map((found) => ({ found, isMention: true })),
        ...[...text.matchAll(COPIED)].map((found) => ({ found, isMention: false })),
      ]
        .filter(({ found: { index } }) => !isComment(index))
        .map(({ found: [, line], isMention }) => ({ file, line: line!, isMention }))
    })
}

/** Up to an explanation behind it; a value that is filled in is one word. */
function wordsOf(line: string): string[] {
  const whole = line.replace(/ *\\+\n */g, ' ').replace(/\$\{[^}]*\}/g, 'x')
  const [call = ''] = whole.split(/ {2,}| [|>&(]/)
  return call.replace(/="[^"]*"/g, '=x').split(/[\s\\]+/).filter((word) => word !== '') // biome-ignore format: one line
}

function follow(program: Command, words: string[]): { command: Command; rest: string[] } {
  let command = program
  let at = 0
  for (; at < words.length; at++) {
    const next = command.commands.find((each) => each.name() === words[at])
    if (!next) break
    command = next
  }
  return { command, rest: words.slice(at) }
}

function argumentsOf(command: Command, rest: string[]): number {
  let count = 0
  for (let at = 0; at < rest.length; at++) {
    const option = command.options.find(({ long }) => long === rest[at])
    if (option?.required) at++
    else if (!option) count++
  }
  return count
}
