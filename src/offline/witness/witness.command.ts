import { type Command, InvalidArgumentError } from 'commander'
import { attempt, MalformedError } from '../../log/core/canonical.ts'
import { ED25519, parseVkey, UnknownKeyTypeError } from '../../log/core/note/note-key.ts'
import { systemClock } from '../../platform/clock.ts'
import { readPort } from '../../platform/terminal/read-port.ts'
import type { WatchedLog } from './open-witness.ts'
import { type RunningWitness, startWitness } from './start-witness.ts'
import { WitnessError } from './witness-error.ts'

interface WitnessCommandOptions {
  log: WatchedLog[]
  key: string
  state: string
  name?: string
  host: string
  port: number
  url?: string
  newKeyFor?: string[]
}

const HELP = `
A witness signs what the public log of a petition site says it is, and only if nothing was taken out or
changed since the last time. It needs no database and no settings. Key and state belong together: an
older state in the place of a newer one makes it forget what it signed. Only the key file is secret.

Speaks c2sp.org/tlog-witness: POST /add-checkpoint; GET /<SHA-256 of the log's origin>/checkpoint answers
the last checkpoint that it cosigned; GET /vkey its verifier key.

Example, the first start; later ones need no --name:
  undersigned witness --log "$(curl -fsS https://petitions.example.org/log/vkey)" \\
    --name witness.example.org --key witness.key --state witness.state --url https://witness.example.org`

/** Adds `witness`, which needs no server, no database and no settings. */
export function addWitnessCommand(program: Command, untilAskedToStop: () => Promise<void>): void {
  program
    .command('witness')
    .description("cosign another site's public log, if it only grows (for allied organisations)")
    .requiredOption(
      '--log <vkey>',
      "key of a log to watch, and its origin if that is another than the key's name; may be given several times",
      readLog,
    )
    .requiredOption('--key <file>', "the witness's own key; made on the first start")
    .requiredOption('--state <file>', 'what was cosigned; made on the first start')
    .option('--name <name>', 'whose key to make on the first start, such as witness.example.org')
    .option('--port <port>', 'where to listen', readPort, 8100)
    .option('--host <address>', 'where to listen; beyond this machine, behind TLS', '127.0.0.1')
    .option('--url <url>', 'the address under which the site reaches it, if it is another')
    .option(
      '--new-key-for <origin>',
      'once, when a log that is known has announced a new key',
      (origin: string, before: string[] = []) => [...before, origin],
    )
    .addHelpText('after', HELP)
    .action(async (options: WitnessCommandOptions) => {
      if (options.log.length === 0) {
        throw new WitnessError(
          'no --log has a key of a type that is known here: give one of type 1',
        )
      }
      const asked = untilAskedToStop()
      const witness = await startWitness({
        stateFile: options.state,
        keyFile: options.key,
        name: options.name ?? null,
        logs: options.log,
        newKeysFor: options.newKeyFor ?? [],
        host: options.host,
        port: options.port,
        clock: systemClock,
        onSplitView: tellSplitViewOnce(),
      })
      console.log(describe(witness, options.url ?? witness.url))
      try {
        await Promise.race([asked, witness.failed])
      } finally {
        await witness.stop()
      }
    })
}

function describe({ vkey, url, logs }: RunningWitness, publicUrl: string): string {
  return [
    '',
    `The witness is running on ${url} (Ctrl-C to stop).`,
    ...logs.map(({ origin, size }) => `It watches ${origin}, cosigned up to ${size} entries.`),
    '',
    "For the site's operator, to add to LOG_WITNESSES:",
    `${vkey} ${publicUrl}`,
    '',
  ].join('\n')
}

/** Anybody can send the same again and again. */
function tellSplitViewOnce(): (notes: { signed: string; refused: string }) => void {
  const told = new Set<string>()
  return ({ signed, refused }) => {
    if (told.has(refused) || told.size >= 100) return
    told.add(refused)
    console.error(
      `SPLIT VIEW: the log has signed two different checkpoints of one size. Keep both, and tell others.\n\nCosigned:\n${signed}\nRefused:\n${refused}`,
    )
  }
}

/** `<vkey>` or `<vkey> <origin>`: a key has no space in it, an origin may. */
function readLog(text: string, before: WatchedLog[] = []): WatchedLog[] {
  const [, vkey, origin] = /^(\S+)(?:[ \t]+(.+))?$/su.exec(text.trim()) ?? []
  const key = attempt(() => parseVkey(vkey ?? ''))
  if (key instanceof UnknownKeyTypeError) {
    console.error(`Warning: a --log is passed over: ${key.message}.`)
    return before
  }
  if (key instanceof MalformedError) throw new InvalidArgumentError(key.message)
  if (key.type !== ED25519) throw new InvalidArgumentError("it is a witness's key, not a log's")
  if (origin === undefined) return [...before, key]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no signed note has one
  if (/[\0-\x1f]/.test(origin)) throw new InvalidArgumentError('an origin is one line of text')
  return [...before, { ...key, origin }]
}
