import { constants } from 'node:fs'
import { access, readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import { parseSecret } from '../../platform/keyring.ts'
import { type Finding, fault, inBytes, ok, unchecked } from './finding.ts'

const GIGABYTE = 1_000_000_000
/** A crowd's forms, the log's files and PostgreSQL's WAL come in bursts. */
const LEAST_FREE_BYTES = GIGABYTE
const LEAST_FREE_SHARE = 0.05
const OTHERS_MAY_READ = 0o077

/** DATA_DIR is there and writable, and its secrets are for their owner alone. */
export async function checkDataDir({ dataDir, production }: Config): Promise<Finding[]> {
  const about = 'DATA_DIR'
  const found = await stat(dataDir).catch(() => null)
  if (!found?.isDirectory()) {
    const why = `there is no folder ${dataDir}`
    if (production) return [unchecked(about, `${why}: a web node needs none, a worker does`)]
    return [fault(about, why, "set DATA_DIR to the site's folder; only a start makes one")]
  }
  const may = await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  const writable = may
    ? judgeOwner(dataDir, found.uid)
    : fault(about, `${dataDir} can't be written by this user`, "run as the site's user, or chown")
  return [writable, ...(await checkModes(dataDir))]
}

/** Root may write everywhere, which says nothing of the user that the site runs as. */
function judgeOwner(dataDir: string, owner: number): Finding {
  if (process.geteuid?.() !== 0 || owner === 0) return ok('DATA_DIR', `${dataDir} can be written`)
  return unchecked(
    'DATA_DIR',
    `this is root, and ${dataDir} belongs to user ${owner}: run the command as that user, as the site does`,
  )
}

/** @returns one finding for all secrets that lie in the folder */
async function checkModes(dataDir: string): Promise<Finding[]> {
  const about = 'secrets'
  if (process.platform === 'win32') return [unchecked(about, 'Windows has no such modes')]
  const folder = join(dataDir, 'secrets')
  const names = await readdir(folder).catch(() => [])
  const files = [...names.map((name) => join(folder, name)), join(dataDir, 'mailbox-tags')]
  const open: string[] = []
  for (const file of files) {
    const found = await stat(file).catch(() => null)
    if (found && (found.mode & OTHERS_MAY_READ) !== 0) open.push(file)
  }
  if (open.length === 0) return [ok(about, 'no file of DATA_DIR/secrets is readable by others')]
  return [fault(about, `others may read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`)]
}

export async function checkSpace(about: string, folder: string): Promise<Finding> {
  const disk = await statfs(folder).catch(() => null)
  if (!disk) return unchecked(about, `${folder} is not there, or not for this user`)
  const free = disk.bavail * disk.bsize
  const share = disk.blocks === 0 ? 1 : disk.bavail / disk.blocks
  const found = `${inBytes(free)} free (${Math.floor(share * 100)} %) at ${folder}`
  if (free >= LEAST_FREE_BYTES && share >= LEAST_FREE_SHARE) return ok(about, found)
  return fault(about, found, 'free some, or enlarge the disk: on a full one nobody can sign')
}

/** That a key is given. Whether it is the log's own, "log history" of check-log.ts finds out from the database. */
export async function checkLogKey({ logKey, production, dataDir }: Config): Promise<Finding> {
  const about = 'LOG_KEY'
  if (!logKey) {
    if (production) return unchecked(about, 'not set here: only a worker needs it')
    const found = await stat(join(dataDir, 'secrets', 'log-key')).catch(() => null)
    if (!found) return fault(about, 'neither set nor in DATA_DIR/secrets', 'restore its file')
    return ok(about, 'in DATA_DIR/secrets')
  }
  try {
    parseSecret(logKey, 'LOG_KEY')
    return ok(about, 'set; "log history" tells whether it is the right one')
  } catch (error) {
    return fault(about, (error as Error).message, "set it to the log's own key")
  }
}
