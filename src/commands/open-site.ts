import type { Actor } from '../actions/note-action.ts'
import { bringUp } from '../bring-up.ts'
import { type Config, readConfig } from '../config.ts'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { hasSchema } from '../platform/database/migrate.ts'
import { ExpectedError } from '../platform/expected-error.ts'
import { findRunningSite } from '../platform/running-site.ts'
import { whoRuns } from '../platform/terminal/who-runs.ts'
import { openSite, type Site } from '../site.ts'

/** The command can't be carried out: one line says what is wrong, why, and what to do. */
export class CommandError extends ExpectedError {}

/** Opens the site for a command's work, and closes it again. `by`: who runs the command. */
export type Open = <T>(work: (site: Site, by: Actor) => Promise<T>) => Promise<T>

/**
 * Uses the embedded database of a running `start`, or starts it for the while. Creates neither a folder
 * nor a key nor a database: where one is missing, DATA_DIR or DATABASE_URL is wrong.
 */
export const open: Open = async (work) => {
  const config = await atRunningSite(readConfig(process.env))
  const opened = await openSite(config, null, { share: true, create: false })
  try {
    if (!(await hasSchema(opened.direct.db))) throw new CommandError(NO_TABLES)
    await bringUp(opened.direct, null)
    return await work(opened.site, thePerson())
  } finally {
    await opened.close()
  }
}

export const thePerson = (): Actor => ({ face: 'command line', person: whoRuns() })

const NO_TABLES =
  'the database has no tables of Undersigned: check DATABASE_URL; for a new site run "undersigned start", or "undersigned migrate", first'

/** In another shell than the site's, PORT may not be set: printed addresses should open all the same. */
async function atRunningSite(config: Config): Promise<Config> {
  if (config.production || config.publicUrlGiven) return config
  return { ...config, publicUrl: (await findRunningSite(config.dataDir)) ?? config.publicUrl }
}

/** The petition of a slug that a command was given. @throws CommandError */
export async function getPetition(
  petitions: Pick<Petitions, 'find'>,
  slug: string,
): Promise<Petition> {
  const petition = await petitions.find(slug)
  if (petition) return petition
  throw noSuchPetition(slug)
}

export const noSuchPetition = (slug: string) =>
  new CommandError(
    `there is no petition "${slug}": "undersigned petition list" shows those there are`,
  )
