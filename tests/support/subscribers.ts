import { randomBytes } from 'node:crypto'
import type { Db } from '../../src/database.ts'
import type { Keyring } from '../../src/platform/keyring.ts'
import { newId } from '../../src/platform/random-id.ts'
import { encryptSubscriber } from '../../src/subscriber/subscriber-secrets.ts'

const BATCH = 2000

/** As if they had signed and were welcomed: what the list holds of them. */
export async function addSubscribers(
  db: Db,
  keyring: Keyring,
  petitionId: number,
  addresses: { email: string; language: string }[],
): Promise<void> {
  for (let at = 0; at < addresses.length; at += BATCH) {
    const rows = addresses.slice(at, at + BATCH).map(({ email, language }) => ({
      id: newId(),
      petition_id: petitionId,
      language,
      consent_version: 1,
      tag: randomBytes(16),
      address: encryptSubscriber(keyring, email),
      welcomed: true,
    }))
    await db.insertInto('subscriber').values(rows).execute()
  }
}
