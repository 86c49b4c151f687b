import { createHmac, timingSafeEqual } from 'node:crypto'
import { armor, Encrypter } from 'age-encryption'
import { type Acting, type Actor, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { createRecipient } from './age/x25519.ts'

/** Crockford's: no letter is mistaken for a digit when an answer is read from another screen. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 80 bits: nobody guesses it, and a person can type it. */
const ANSWER_LETTERS = 16

export type Recipients = ReturnType<typeof createRecipients>

/** Proves, before anybody signs, that a recipient's holder can open what is sealed to it. */
export function createRecipients(needs: { db: Db; clock: Clock; keyring: Keyring }) {
  return {
    makeChallenge: (recipient: string) => makeChallenge(needs.keyring, recipient),
    prove: (recipient: string, answer: string, by: Actor) =>
      needs.db
        .transaction()
        .execute((trx) => proveRecipient(trx, { ...needs, by }, recipient, answer)),
    listProved: () => listProvedRecipients(needs.db),
  }
}

/**
 * An armoured age file that only the recipient's holder can open; inside is the answer. Nothing is
 * stored: another challenge to the same recipient has the same answer.
 *
 * @param recipient a valid `age1…`
 */
async function makeChallenge(keyring: Keyring, recipient: string): Promise<string> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(createRecipient(recipient))
  return armor.encode(await encrypter.encrypt(`${answerOf(keyring, recipient)}\n`))
}

/** @returns false when the answer is wrong; else the recipient is proved */
async function proveRecipient(
  trx: Db,
  { keyring, ...acting }: Acting & { keyring: Keyring },
  recipient: string,
  answer: string,
): Promise<boolean> {
  const given = Buffer.from(answer.toUpperCase().replaceAll(/[\s-]/g, ''))
  const wanted = Buffer.from(answerOf(keyring, recipient).replaceAll('-', ''))
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return false
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('proved_recipient')
    .values({ recipient, proved_at: acting.clock.now() })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows) {
    await noteAction(trx, acting, { what: 'keys prove', petition: null, after: { recipient } })
  }
  return true
}

export async function listProvedRecipients(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('proved_recipient').select('recipient').execute()
  return rows.map((row) => row.recipient)
}

function answerOf(keyring: Keyring, recipient: string): string {
  const mac = createHmac('sha256', keyring.challenges).update(recipient).digest()
  // 256 is a multiple of 32: every letter is as likely as every other.
  const letters = Array.from(mac.subarray(0, ANSWER_LETTERS), (byte) => ALPHABET[byte % 32])
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-')
}
