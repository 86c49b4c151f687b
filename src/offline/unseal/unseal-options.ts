import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { parseRecipient } from '../../sealing/age/recipient.ts'
import { UnsealError } from './unseal-error.ts'

/**
 * Refuses, before hours of work, an --out that can't be written after them, or that is one of the
 * files to be read.
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

/**
 * @param values each with one recipient or several, between commas or spaces
 * @returns each once
 * @throws CommanderError
 */
export function readRecipients(command: Command, values: string[]): string[] {
  const recipients = values.flatMap((value) => value.split(/[\s,]+/)).filter((text) => text !== '')
  if (recipients.length === 0) command.error('error: --to is empty', { exitCode: 2 })
  const wrong = recipients.find((recipient) => !parseRecipient(recipient))
  if (wrong === undefined) return [...new Set(recipients)]
  if (wrong.toUpperCase().startsWith('AGE-SECRET-KEY-')) {
    command.error('error: --to takes public keys (age1…), and was given a private one', {
      exitCode: 2,
    })
  }
  return command.error(
    `error: --to "${wrong.slice(0, 80)}" is no public key: it begins with age1, and a wrong letter breaks it`,
    { exitCode: 2 },
  )
}

/**
 * For an option that may be given several times. Commander's own `<value...>` would also take the
 * argument that follows it.
 */
export const collectValues = (value: string, before: string[] = []) => [...before, value]
