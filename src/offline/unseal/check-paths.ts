import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { UnsealError } from './unseal-error.ts'

/**
 * Refuses, before hours of work, what could not be written after them, or would be written over what it
 * is made from.
 *
 * @throws CommanderError on wrong usage, UnsealError when --out is taken
 */
export async function checkPaths(
  command: Command,
  file: string,
  { identity, out, force }: { identity: string[]; out: string; force?: boolean },
): Promise<void> {
  for (const [name, path] of [
    ['<file>', file],
    ['--out', out],
  ]) {
    if (path === '-') command.error(`error: ${name} must be a file, not -`, { exitCode: 2 })
  }
  const target = await find(out)
  if (!target) return
  for (const source of [file, ...identity]) {
    if (isSame(target, await find(source))) {
      command.error(`error: --out ${out} is the same file as ${source}`, { exitCode: 2 })
    }
  }
  if (!target.isFile()) throw new UnsealError(`${out} is no plain file: choose another --out`)
  if (!force) {
    throw new UnsealError(`${out} is there already: choose another --out, or add --force`)
  }
}

const find = (path: string): Promise<BigIntStats | null> =>
  stat(path, { bigint: true }).catch(() => null)

const isSame = (one: BigIntStats, other: BigIntStats | null) =>
  other !== null && one.ino === other.ino && one.dev === other.dev
