import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { equalBytes } from '../../platform/bytes.ts'
import { replaceFile } from '../../platform/files/write-whole.ts'
import { explainFileFault, WitnessError } from './witness-error.ts'
import { formatWitnessState, parseWitnessState, type WitnessState } from './witness-state.ts'

/** The witness's memory, and the file that holds it. The caller holds the state's lock. */
export interface StateFile {
  /** The durable state. @throws the error of an earlier save: the disk may hold either state since */
  state(): WitnessState
  /** Durable when it returns. @throws WitnessError; nothing may be signed after that */
  save(next: WitnessState): Promise<void>
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** The state is public. */
const MODE = 0o644

/** Null when there is no such file. @throws WitnessError when it is damaged or can't be read */
export async function readState(path: string): Promise<WitnessState | null> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw explainFileFault(`the state ${path}`, 'read', error)
  })
  if (bytes === null) return null
  try {
    return parseWitnessState(bytes)
  } catch (error) {
    throw new WitnessError(
      `the state ${path} is damaged (${(error as Error).message}): restore the newest copy of it; a witness that forgot what it signed could be made to sign something else`,
      { cause: error },
    )
  }
}

/**
 * Writes the state even when it was just read: a crash may have come between a rename and its folder's
 * sync, and a signature based on this state needs it to be durable.
 */
export async function openStateFile(path: string, first: WitnessState): Promise<StateFile> {
  await clearDrafts(path)
  let current = first
  let written: Uint8Array | null = null
  let failed: unknown = null

  async function write(next: WitnessState): Promise<void> {
    if (written && !equalBytes(await readFile(path), written)) {
      throw new WitnessError(
        `the state ${path} was changed by somebody else while this witness ran on it: make sure that only one does, and start it again`,
      )
    }
    const bytes = formatWitnessState(next)
    await replaceFile(path, bytes, { mode: MODE })
    written = bytes
    current = next
  }

  const file: StateFile = {
    state() {
      if (failed) throw failed
      return current
    },
    async save(next) {
      if (failed) throw failed
      await write(next).catch((error) => {
        failed = explainFileFault(`the state ${path}`, 'written', error)
        throw failed
      })
    },
  }
  await file.save(first)
  return file
}

/** Removes the drafts that a killed witness has left. */
async function clearDrafts(path: string): Promise<void> {
  const folder = dirname(path)
  const prefix = `${basename(path)}.`
  for (const name of await readdir(folder)) {
    if (name.startsWith(prefix) && UUID.test(name.slice(prefix.length))) {
      await rm(join(folder, name), { force: true })
    }
  }
}
