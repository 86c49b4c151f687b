import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { ExpectedError } from '../platform/expected-error.ts'

/**
 * A backup is an age file; in it a tar; in that these, in this order. The dump comes in pieces, `database.dump.000001`
 * and so on, since a tar has to know a file's length before its content.
 */
export const MANIFEST = 'backup.json'
export const SECRETS = ['secret-key', 'log-key', 'demo-organisers-key.txt'] as const
export const secretPath = (name: SecretName) => `secrets/${name}`
export const DUMP = 'database.dump'

export type SecretName = (typeof SECRETS)[number]
/** The text of each file; a backup without secrets has none. */
export type Secrets = Partial<Record<SecretName, string>>

/** A backup can't be made or restored as asked: the message is one line that says what, why and what to do. */
export class BackupError extends ExpectedError {}

const FORMAT = 'undersigned-backup/1'

const Manifest = Type.Object({
  format: Type.Literal(FORMAT),
  /** When the copy of the database was taken. */
  made: Type.String(),
  postgresql: Type.String(),
  /** The newest migration that had run. */
  migration: Type.String(),
  /** The same of graphile-worker. */
  jobs: Type.Integer(),
  /** Tells SECRET_KEY from every other key, and reveals nothing of it. */
  keyCheck: Type.String(),
  /** Null before the log has begun. */
  log: Type.Union([
    Type.Object({ origin: Type.String(), vkey: Type.String(), signed: Type.Integer() }),
    Type.Null(),
  ]),
})

export type Manifest = Type.Static<typeof Manifest>

export function formatManifest(manifest: Omit<Manifest, 'format'>): string {
  return `${JSON.stringify({ format: FORMAT, ...manifest }, null, 2)}\n`
}

/** Null when it is none, or one of a later format. */
export function parseManifest(text: string): Manifest | null {
  try {
    const value: unknown = JSON.parse(text)
    return Value.Check(Manifest, value) && !Number.isNaN(Date.parse(value.made)) ? value : null
  } catch {
    return null
  }
}
