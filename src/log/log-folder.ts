import { join } from 'node:path'

/** Where a node keeps the log outside the database: public, but for what says otherwise. */
export const logFolder = ({ dataDir }: { dataDir: string }): string => join(dataDir, 'log')

/** The mailbox tags of entries: beside that folder and not in it, since they are nobody else's to read. */
export const tagsFile = ({ dataDir }: { dataDir: string }): string => join(dataDir, 'mailbox-tags')
