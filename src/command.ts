import { readConfig } from './config.ts'
import { openServices } from './open-services.ts'
import { migrateUp } from './platform/database/migrate.ts'
import type { Services } from './services.ts'

/** What was asked for can't be done: the message is one line that says what, why and what to do. */
export class CommandError extends Error {}

/** Runs a command's work with everything open, and closes it again. */
export type Open = <T>(work: (services: Services) => Promise<T>) => Promise<T>

/** Uses the embedded database of a running `start`, or starts it for the while. */
export const open: Open = async (work) => {
  const opened = await openServices(readConfig(process.env), null, { share: true })
  try {
    await migrateUp(opened.connection.db, opened.connection.pool)
    return await work(opened.services)
  } finally {
    await opened.close()
  }
}
