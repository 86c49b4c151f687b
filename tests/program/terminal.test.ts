import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { writeToStdout } from '../../src/platform/files/write-out.ts'
import { logOptions } from '../../src/platform/logger.ts'
import { copyDemo } from '../support/demo.ts'
import { runProgram } from '../support/program.ts'

/** Fills the clipboard (OSC 52), moves the cursor (CSI, in one byte and two), turns the line around. */
const EVIL = '\u001b]52;c;cm0gLXJmIH4=\u0007\u009b2J\u001b[1A\r\u202egnp.exe\u2028\u0008'
const IN_YAML = EVIL.split('').map(escaped).join('')
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be printed
const UNSAFE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069]/

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

describe('what others wrote, on a terminal', () => {
  const folder = copyDemo()

  async function assertHarmless(args: string[], said: RegExp): Promise<void> {
    const { output, errors } = await runProgram(args, { DATA_DIR: join(folder.path, 'none') }).ended
    assert.match(output + errors, said)
    assert.doesNotMatch(output, UNSAFE)
    assert.doesNotMatch(errors, UNSAFE)
  }

  const preview = (path: string) => ['petition', 'preview', path, '--port', '0']

  it('of a petition’s files', async () => {
    const faults: [string, RegExp, string, RegExp][] = [
      ['petition.yaml', /^accent:.*/m, `accent: garnet\n"x${IN_YAML}": 1`, /is no field/],
      ['petition.yaml', /^languages:.*/m, `languages: ["${IN_YAML}"]`, /languages/],
      ['petition.yaml', /^accent:.*/m, `accent: garnet\nzone: "${IN_YAML}"`, /no time zone/],
      ['en.md', /^sources:/m, `"${IN_YAML}": 1\nsources:`, /en\.md.*is no field/],
      ['en.md', /^slogan:.*/m, `slogan: a: ${EVIL.replace('\u202e', '')}`, /en\.md, line/],
    ]
    for (const [file, from, to, said] of faults) {
      const own = copyDemo()
      await own.change(file, from, to)
      await assertHarmless(preview(own.path), said)
    }
  })

  it('makes no line of its own in a fault', async () => {
    const own = copyDemo()
    await own.change(
      'petition.yaml',
      /^accent:.*/m,
      'accent: garnet\n"x\\nundersigned: all is well": 1',
    )
    const { errors } = await runProgram(preview(own.path), {}).ended
    assert.match(
      errors,
      /^undersigned: petition\.yaml, [^\n]*all is well[^\n]*is no field[^\n]*\n$/,
    )
  })

  it('of folders and files by their names, and of arguments', async () => {
    const odd = join(folder.path, EVIL)
    await mkdir(odd)
    await writeFile(join(odd, 'checkpoint'), EVIL)
    await writeFile(join(odd, 'vkey'), EVIL)
    await assertHarmless(preview(odd), /petition\.yaml is not there/)
    await assertHarmless(['verify', odd], /undersigned: /)
    await assertHarmless(
      ['unseal', join(odd, 'none'), '--identity', odd, '--out', 'x'],
      /undersigned: /,
    )
    await assertHarmless(
      ['petition', 'preview', odd, '--port', EVIL],
      /undersigned: option '--port/,
    )
    await assertHarmless(['petition', EVIL], /undersigned: /)
    await assertHarmless([EVIL], /undersigned: unknown command/)
    await rm(odd, { recursive: true })
  })

  it('of a log line, and of data where it goes to a terminal', async () => {
    let written = ''
    const stream = new Writable({
      write(chunk, _encoding, done) {
        written += chunk
        done()
      },
    })
    pino(logOptions('info'), stream).warn({ why: EVIL }, EVIL)
    assert.equal(JSON.parse(written).why, EVIL)
    assert.doesNotMatch(written, UNSAFE)
    written = ''
    const csv = `source,count\r\n${EVIL}\t,1\r\n`
    await writeToStdout(stream, csv)
    assert.equal(written, csv)
    written = ''
    await writeToStdout(Object.assign(stream, { isTTY: true }), csv)
    assert.doesNotMatch(written.replaceAll('\r\n', '\n'), UNSAFE)
    assert.equal(written.split('\r\n').length, 3)
  })
})
