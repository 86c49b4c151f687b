import type { Account } from './choose-account.ts'
import type { Binaries } from './choose-binaries.ts'
import { EmbeddedPostgresError } from './embedded-error.ts'
import { run } from './run-as.ts'
import { faultLine } from './server-log.ts'
import { SUPERUSER } from './server-url.ts'

/**
 * Gives the superuser the password in DATA_DIR/secrets, after that file was lost or the data was
 * restored without it. Whoever can write the data folder is its master, so this opens nothing. The
 * server must be down: a single-user backend takes the statement on its standard input.
 */
export async function resetPassword(
  data: string,
  password: string,
  account: Account | null,
  binaries: Binaries,
): Promise<void> {
  const quoted = `'${password.replaceAll("'", "''")}'`
  const statement = `ALTER ROLE ${SUPERUSER} PASSWORD ${quoted}\n`
  const options = ['--single', '-D', data, '-c', 'log_min_error_statement=panic', 'postgres']
  const { code, output } = await run(account, binaries.postgres, options, statement)
  if (code === 0 && !/\b(ERROR|FATAL|PANIC): /.test(output)) return
  throw new EmbeddedPostgresError(
    `the password in DATA_DIR/secrets/postgres does not open the database in ${data} and could ` +
      `not be set anew (${faultLine(output)}); restore both from the same backup`,
  )
}
