import { join } from 'node:path'
import { formatVkey } from '../../../../src/log/core/note/note-key.ts'
import {
  type RunningWitness,
  startWitness,
  type WitnessOptions,
} from '../../../../src/offline/witness/start-witness.ts'
import { systemClock } from '../../../../src/platform/clock.ts'
import { logSigner } from '../../../log/core/support/memory-log.ts'
import { type Program, runProgram } from '../../../support/program.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** Where one witness lives, in whatever way it is started. */
export interface WitnessFolder {
  path: string
  stateFile: string
  keyFile: string
  start(options?: Partial<WitnessOptions>): Promise<RunningWitness>
  /** The command in a process of its own, on any port. */
  run(...more: string[]): Program
}

export const logVkey = formatVkey(logSigner.key)
export const NAME = 'witness.example.org'

export function makeWitnessFolder(): WitnessFolder {
  const path = temporaryFolder()
  const stateFile = join(path, 'state')
  const keyFile = join(path, 'key')
  return {
    path,
    stateFile,
    keyFile,
    start: (options) =>
      startWitness({
        stateFile,
        keyFile,
        name: NAME,
        logs: [logSigner.key],
        newKeysFor: [],
        host: '127.0.0.1',
        port: 0,
        clock: systemClock,
        onSplitView: () => {},
        ...options,
      }),
    run: (...more) =>
      runProgram(
        [
          'witness',
          '--log',
          logVkey,
          '--state',
          stateFile,
          '--key',
          keyFile,
          '--port',
          '0',
          ...more,
        ],
        {},
      ),
  }
}

/** What the command printed for the site's operator. */
export function printedEntry(program: Program): { vkey: string; url: string } {
  const [, vkey, url] = /^(\S+\+[0-9a-f]{8}\+\S+) (http\S+)$/m.exec(program.output())!
  return { vkey: vkey!, url: url! }
}
