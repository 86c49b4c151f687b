import { join } from 'node:path'
import type { Config } from '../config.ts'

/** Where a node keeps the log outside the database: public, but for what says otherwise. */
export const logFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'log')

/** The mailbox tags of entries: beside that folder and not in it, since they are nobody else's to read. */
export const tagsFile = ({ dataDir }: Pick<Config, 'dataDir'>): string =>
  join(dataDir, 'mailbox-tags')
