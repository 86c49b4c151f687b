import { execFileSync } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import sharp from 'sharp'
import { addCommands } from '../../../src/commands/add-commands.ts'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import { runProgram } from '../../support/program.ts'
import { until } from '../../support/until.ts'
import { letPeopleSign, type Place } from './people.ts'
import { readGuide, type Step } from './read-guide.ts'

export const PETITION = '/en/p/clean-river'

/** A river between hills at dusk, for want of a photographer. */
const LANDSCAPE = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900">
<defs>
<linearGradient id="sky" x2="0" y2="1"><stop stop-color="#2c4a6e"/><stop offset=".6" stop-color="#e5a97c"/><stop offset="1" stop-color="#f6dcae"/></linearGradient>
<linearGradient id="water" x2="0" y2="1"><stop stop-color="#eec79a"/><stop offset="1" stop-color="#3d6480"/></linearGradient>
</defs>
<rect width="1600" height="900" fill="url(#sky)"/>
<circle cx="980" cy="430" r="60" fill="#fbe9c3"/>
<path d="M0 480 Q260 330 520 450 T1060 440 T1600 380 V900 H0Z" fill="#6b6f86"/>
<path d="M0 560 Q340 420 700 540 T1600 480 V900 H0Z" fill="#3f5a5c"/>
<path d="M830 545 Q960 600 800 660 T620 900 H1300 Q1050 760 1010 690 T880 545Z" fill="url(#water)"/>
<path d="M0 700 Q300 610 640 760 T760 900 H0Z" fill="#24403a"/>
<path d="M1600 640 Q1320 650 1180 780 T1240 900 H1600Z" fill="#1f3833"/>
</svg>`

export interface Scene extends Place {
  /** Of the preview that a command shows just now. */
  preview: string | null
}

/**
 * Does what docs/campaigner-guide.md says, from top to bottom, on a site that is started as a newcomer starts it: writes
 * its files and runs its commands as they are written, but for what only the reader knows, a key, its answer, an id.
 * Meanwhile this process has the environment and the folder of a reader.
 *
 * @param take called where the guide shows a picture
 * @returns the commands that were run
 */
export async function followGuide(
  take: (file: string, scene: Scene) => Promise<void> = async () => {},
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'undersigned-guide-'))
  // As root PostgreSQL runs as another user, who must be able to pass through.
  await chmod(folder, 0o711)
  const [port, inboxPort, previewPort] = [await freePort(), await freePort(), await freePort()]
  const environment = {
    DATA_DIR: join(folder, 'data'),
    PORT: `${port}`,
    INBOX_PORT: `${inboxPort}`,
    LOG_INTERVAL: '1',
    DEMO: '0',
    // What pictures show of links; nothing is asked of it.
    PUBLIC_URL: 'https://petitions.example',
  }
  const scene: Scene = {
    origin: `http://127.0.0.1:${port}`,
    inbox: `http://127.0.0.1:${inboxPort}`,
    preview: null,
  }
  const work = join(folder, 'work')
  const home = process.cwd()
  Object.assign(process.env, environment)
  const steps = readGuide()
  const program = runProgram(['start'], environment)
  try {
    await mkdir(work)
    await bringAlong(work)
    await program.untilRunning()
    process.chdir(work)
    const reader = createReader(work, previewPort)
    const commands: string[] = []
    /** While the command above them still ran. */
    const taken = new Set<Step>()
    for (const [nth, step] of steps.entries()) {
      if (step.kind === 'file') await reader.write(step.path, step.content)
      if (step.kind === 'event') await happen(step.what, scene)
      if (step.kind === 'picture' && !taken.has(step)) await take(step.file, scene)
      if (step.kind !== 'command') continue
      commands.push(step.line)
      const next = steps[nth + 1]
      await reader.run(step.line, async (output) => {
        scene.preview = /http:\S+/.exec(output)![0]
        if (next?.kind !== 'picture') return
        taken.add(next)
        await take(next.file, scene)
      })
      scene.preview = null
    }
    return commands
  } finally {
    process.chdir(home)
    program.child.kill('SIGTERM')
    await program.ended
    await rm(folder, { recursive: true, force: true })
  }
}

async function happen(what: string, scene: Scene): Promise<void> {
  if (what !== 'people sign') throw new Error(`nobody knows how “${what}” happens`)
  await letPeopleSign(scene, PETITION)
}

/** What campaigners have: a picture, and scanned sheets. */
async function bringAlong(work: string): Promise<void> {
  await sharp(Buffer.from(LANDSCAPE)).jpeg({ quality: 85 }).toFile(join(work, 'river.jpg'))
  await writeFile(join(work, 'scan.pdf'), '%PDF-1.4 (a scan)')
}

/** A reader at the shell, who puts in what only readers know. */
function createReader(work: string, previewPort: number) {
  const printed: string[] = []

  async function knowing(text: string): Promise<string> {
    const keys = ['key.txt', 'recovery-key.txt'].map((name) => publicHalf(join(work, name)))
    let nth = 0
    let known = text
    while (known.includes('age1…')) known = known.replace('age1…', await keys[nth++ % keys.length]!)
    known = known.replace('ABCD-EFGH-JKMN-PQRS', () => printed.at(-1)!.trim())
    return known.replace(/(name|comment)\/[0-9a-f-]{36}/g, (_, kind) => {
      const ids = printed.flatMap(
        (said) => new RegExp(`${kind}/[0-9a-f-]{36}`).exec(said)?.[0] ?? [],
      )
      if (ids.length === 0) throw new Error(`no ${kind} was listed`)
      return ids.at(-1)!
    })
  }

  return {
    async write(path: string, content: string): Promise<void> {
      if (path.startsWith('clean-river/petition')) {
        await copyFile(join(work, 'river.jpg'), join(work, 'clean-river', 'river.jpg'))
      }
      await writeFile(join(work, path), await knowing(content))
    },

    /** @param look called while a command waits for Ctrl-C, with what it has printed */
    async run(written: string, look: (output: string) => Promise<void>): Promise<void> {
      const [, line, target] = /^(.*?)(?: > (\S+))?$/.exec(await knowing(written))!
      const args = readWords(line!)
      if (args[1] === 'preview') args.push('--port', `${previewPort}`)
      const output = await runHere(args, look)
      if (target) await writeFile(join(work, target), output)
      printed.push(output)
    },
  }
}

/** As a shell reads them. */
function readWords(line: string): string[] {
  const words = `undersigned() { printf '%s\\0' "$@"; }; ${line}`
  return execFileSync('bash', ['--norc', '-euc', words], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)
}

/** In this process, since to load the program anew for each of them would take most of the time. */
async function runHere(args: string[], look: (output: string) => Promise<void>): Promise<string> {
  let output = ''
  const program = new Command('undersigned').exitOverride()
  await addCommands(program, args[0], async () => {
    await until(() => output.includes('Ctrl-C'))
    await look(output)
  })
  const streams = [process.stdout, process.stderr].map((stream) => ({
    stream,
    write: stream.write,
  }))
  for (const { stream, write } of streams) {
    stream.write = ((chunk: unknown, ...more: []) => {
      // The test runner's own words are bytes.
      if (typeof chunk !== 'string') return write.call(stream, chunk as Buffer, ...more)
      if (stream === process.stdout) output += chunk
      return true
    }) as typeof write
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    throw new Error(`${args.join(' ')}: ${(error as Error).message}\n${output}`, { cause: error })
  } finally {
    for (const { stream, write } of streams) stream.write = write
  }
  return output
}

async function publicHalf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return /age1[0-9a-z]+/.exec(text)?.[0] ?? 'age1…'
}
