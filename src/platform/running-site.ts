import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive, ourselves, parseOwner } from './database/embedded/processes.ts'
import { replaceFile } from './files/write-whole.ts'

/** `<pid>.<started> <URL>` of the site that runs with this DATA_DIR. */
const FILE = 'running-site'

/**
 * Tells commands in other shells this site's address, for the links that they print. Nothing depends on it, so
 * a DATA_DIR that isn't there or can't be written is no error.
 *
 * @returns removes the file. After a crash it stays, and is ignored since the process that it names is gone
 */
export async function announceSite(dataDir: string, url: string): Promise<() => Promise<void>> {
  const file = join(dataDir, FILE)
  const text = `${await ourselves()} ${url}\n`
  await replaceFile(file, text).catch(() => {})
  return async () => {
    if ((await read(file)) === text) await rm(file, { force: true })
  }
}

/** The address that readers of the running site see, or null when none runs here. */
export async function findRunningSite(dataDir: string): Promise<string | null> {
  const text = await read(join(dataDir, FILE))
  const [owner = '', url = ''] = text.trim().split(' ')
  const site = parseOwner(owner)
  return site && URL.canParse(url) && (await isAlive(site)) ? url : null
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}
