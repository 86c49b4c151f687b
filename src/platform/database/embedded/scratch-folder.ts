import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isAlive, ourselves, parseOwner } from './owner.ts'

/**
 * A new folder beside `target`, closed to others, where `target` is made ready to be renamed. Its
 * name, `<target>.new-<pid>.<started>-<random>`, says whose it is.
 */
export async function makeScratch(target: string): Promise<string> {
  const scratch = `${target}.new-${await ourselves()}-${randomBytes(4).toString('hex')}`
  await mkdir(scratch, { mode: 0o700 })
  return scratch
}

/** Removes what starts that were killed half-way left; those of living processes are kept. */
export async function sweepScratch(target: string): Promise<void> {
  const prefix = `${basename(target)}.new-`
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix)) continue
    const maker = parseOwner(name.slice(prefix.length, name.lastIndexOf('-')))
    if (maker && (await isAlive(maker))) continue
    await rm(join(dirname(target), name), { recursive: true, force: true, maxRetries: 3 })
  }
}
