import pg from 'pg'
import { ExpectedError } from '../expected-error.ts'
import { isOwnHost } from './database-url.ts'

/** pg's methods that answer a server's wish for a password; its types leave them out. */
interface Answers {
  _handleAuthMD5Password(message: unknown): void
  _handleAuthCleartextPassword(message: unknown): void
}

class WeakLoginError extends ExpectedError {}

const base = pg.Client.prototype as unknown as Answers

/**
 * Logs in by SCRAM, by a certificate, or by a password within TLS: whoever poses as the server can ask for MD5 or for
 * the password itself, and pg would give it.
 */
export class StrictClient extends pg.Client {
  _handleAuthMD5Password(): void {
    this.refuse(
      "PostgreSQL asks for the password by MD5, which is broken: set password_encryption = 'scram-sha-256' there, set the role's password anew, and write scram-sha-256 for md5 in pg_hba.conf (PgBouncer: auth_type)",
    )
  }

  _handleAuthCleartextPassword(message: unknown): void {
    if (this.ssl || isOwnHost(this.host)) base._handleAuthCleartextPassword.call(this, message)
    else {
      this.refuse(
        'PostgreSQL asks for the password itself, without TLS: write scram-sha-256 for password in pg_hba.conf, or add sslmode=verify-full to DATABASE_URL',
      )
    }
  }

  private refuse(why: string): void {
    this.connection.emit('error', new WeakLoginError(why))
    this.connection.stream.destroy()
  }
}
