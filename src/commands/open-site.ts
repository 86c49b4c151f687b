import { type Config, readConfig } from '../config.ts'
import { hasSchema, migrateUp } from '../platform/database/migrate.ts'
import { ExpectedError } from '../platform/expected-error.ts'
import { findRunningSite } from '../platform/running-site.ts'
import type { Site } from '../site.ts'
import { openSite } from '../site.ts'

/** What was asked for can't be done: the message is one line that says what, why and what to do. */
export class CommandError extends ExpectedError {}

/** Runs a command's work with everything open, and closes it again. */
export type Open = <T>(work: (site: Site) => Promise<T>) => Promise<T>

/**
 * Uses the embedded database of a running `start`, or starts it for the while. Makes neither a folder nor
 * a key nor a database: where one is not there, DATA_DIR or DATABASE_URL is that of something else.
 */
export const open: Open = async (work) => {
  const config = await atRunningSite(readConfig(process.env))
  const opened = await openSite(config, null, { share: true, create: false })
  try {
    if (!(await hasSchema(opened.direct.db))) throw new CommandError(NO_TABLES)
    await migrateUp(opened.direct.db, opened.direct.pool)
    return await work(opened.site)
  } finally {
    await opened.close()
  }
}

const NO_TABLES =
  'the database has no tables of Undersigned: check DATABASE_URL; for a new site run "undersigned start", or "undersigned migrate", first'

/** In another shell than the site's, PORT may not be set: what is printed should open all the same. */
async function atRunningSite(config: Config): Promise<Config> {
  if (config.production || config.publicUrlGiven) return config
  return { ...config, publicUrl: (await findRunningSite(config.dataDir)) ?? config.publicUrl }
}
