import assert from 'node:assert/strict'
import { ConfigError, readConfig } from '../../src/config.ts'

export const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://undersigned:secret@database/undersigned?sslmode=verify-full',
  SMTP_URL: 'smtps://sender:secret@mail.example.org',
  PUBLIC_URL: 'https://sign.example.org',
  MAIL_FROM: 'Petitions <petitions@example.org>',
  SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
}

/** That the start stops with one line which says this. */
export function refuses(env: Record<string, string | undefined>, message: RegExp) {
  assert.throws(
    () => readConfig(env),
    (error: Error) => {
      assert.ok(error instanceof ConfigError, String(error))
      assert.match(error.message, message)
      assert.doesNotMatch(error.message, /\n/)
      return true
    },
  )
}
