import type { Command } from 'commander'
import { parseRecipient } from '../../sealing/age/recipient.ts'

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
