import type { Config } from '../../config.ts'
import type { Db } from '../../database.ts'
import { isLoopback } from '../../platform/connection-safety.ts'
import { connect } from '../../platform/database/connect.ts'
import { readLastBackup } from '../../restoring/last-backup.ts'
import type { Site } from '../../site.ts'
import { findPlace } from './check-address.ts'
import { checkCertificates } from './check-certificate.ts'
import { checkDatabaseClock, checkWitnessClock } from './check-clock.ts'
import {
  checkConnections,
  checkMigrations,
  checkReplica,
  checkRights,
  checkServer,
} from './check-database.ts'
import {
  checkDatabaseDisk,
  checkDatabaseTls,
  checkDurability,
  checkFailover,
  checkPostgresLog,
  checkTimeLimit,
} from './check-database-settings.ts'
import { checkDataDir, checkLogKey, checkSpace } from './check-files.ts'
import { checkImports } from './check-imports.ts'
import { checkRecipients, checkSecretKey } from './check-keys.ts'
import { checkLog } from './check-log.ts'
import { checkMailServer, relayOf } from './check-mail-server.ts'
import { checkProxy } from './check-proxy.ts'
import { checkReadiness, checkRedirect, checkScheme } from './check-readiness.ts'
import { checkDkim, checkDmarc, checkMx, checkSpf } from './check-sender.ts'
import {
  checkContact,
  checkMetricsToken,
  checkMode,
  checkNode,
  checkOpenFiles,
  isLocal,
} from './check-settings.ts'
import { checkBackup, checkJobs, checkSealing, checkWaitingMails } from './check-work.ts'
import { type Check, type Finding, fault, unchecked } from './finding.ts'
import type { Means, Opened } from './open-means.ts'

export interface Wishes {
  /** Asks neither the DNS nor any server but the database. */
  offline: boolean
  /** Of MAIL_FROM's domain; null: the usual ones are tried. */
  dkimSelector: string | null
}

/** What needs no database, in the order of the report. */
export function listOwnChecks(means: Means, wishes: Wishes): Check[] {
  const asking = wishes.offline ? [] : [...ofTheSite(means), ...ofMail(means, wishes)]
  return [...ofThisMachine(means), ...asking]
}

export function listDatabaseChecks(means: Means, opened: Opened): Check[] {
  return [...ofTheDatabase(means, opened), ...ofTheWork(means, opened)]
}

function ofThisMachine({ config, clock }: Means): Check[] {
  return [
    { about: 'Node.js', look: async () => checkNode(process.version, clock) },
    { about: 'NODE_ENV', look: async () => checkMode(config) },
    { about: 'operator', look: async () => checkContact(config) },
    { about: 'METRICS_TOKEN', look: async () => checkMetricsToken(config) },
    { about: 'open files', look: () => checkOpenFiles() },
    { about: 'DATA_DIR', look: () => checkDataDir(config) },
    { about: 'disk of DATA_DIR', look: () => checkSpace('disk of DATA_DIR', config.dataDir) },
    { about: 'LOG_KEY', look: () => checkLogKey(config) },
    {
      about: 'backup',
      look: async () => checkBackup(await readLastBackup(config), clock, config),
    },
  ]
}

function ofTheDatabase({ config, clock }: Means, { direct, pooled }: Opened): Check[] {
  const { it, why } = direct
  if (!it) return [{ about: 'database', look: async () => awayFinding(config, why) }]
  const { db } = it
  const checks: Check[] = [
    { about: 'PostgreSQL', look: () => checkServer(db) },
    { about: 'migrations', look: () => checkMigrations(db) },
    { about: 'database role', look: () => checkRights(db) },
    { about: 'database encryption', look: () => checkDatabaseTls(db, config) },
    { about: 'connections', look: () => checkConnections(db, config) },
    { about: 'durability', look: () => checkDurability(db) },
    { about: "PostgreSQL's log", look: () => checkPostgresLog(db) },
    { about: 'disk of the database', look: () => checkDatabaseDisk(db, config) },
    { about: 'clock', look: () => checkDatabaseClock(db, clock) },
  ]
  if (config.databaseFailover === 'synchronous') {
    checks.push({ about: 'DATABASE_FAILOVER', look: () => checkFailover(db) })
  }
  if (config.databaseDirectUrl) {
    checks.push({
      about: 'statement_timeout',
      look: () => checkPooler(pooled),
    })
  }
  if (config.databaseReplicaUrl) {
    const url = config.databaseReplicaUrl
    checks.push({ about: 'replica', look: () => lookAtReplica(url) })
  }
  return checks
}

/** Where the embedded PostgreSQL runs only beside the site, its absence is no fault by itself. */
function awayFinding({ databaseUrl }: Config, why: string): Finding {
  if (!databaseUrl) return unchecked('database', why)
  return fault(
    'database',
    why,
    'check DATABASE_URL, and that PostgreSQL runs and admits this machine',
  )
}

async function checkPooler({ it, why }: Opened['pooled']): Promise<Finding> {
  if (it) return checkTimeLimit(it.db)
  return fault('PgBouncer', why, 'check DATABASE_URL, and that the pooler runs')
}

async function lookAtReplica(url: string): Promise<Finding> {
  const replica = connect({ url, max: 1, onError: () => {} })
  return checkReplica(replica.db as Db).finally(() => replica.close())
}

function ofTheWork({ config, clock, keyring }: Means, { direct, site }: Opened): Check[] {
  const { production } = config
  const ofSite = (about: string, look: (site: Site) => Promise<Finding | Finding[]>): Check => ({
    about,
    look: async () => (site.it ? look(site.it) : unchecked(about, site.why)),
  })
  return [
    ofSite('SECRET_KEY', async ({ petitions }) => checkSecretKey(petitions, keyring.it!)),
    ofSite("organisers' keys", ({ petitions, recipients }) =>
      checkRecipients(petitions, recipients, { production }),
    ),
    ofSite('public log', (each) => checkLog(each)),
    ofSite('imports', ({ imports }) => checkImports(imports, clock)),
    ofSite('jobs', () => checkJobs(direct.it!.db)),
    ofSite('sealing', async ({ signatures }) =>
      checkSealing(await signatures.measureSealing(), clock),
    ),
    ofSite('waiting mails', async ({ waitingMails, oldestMail }) =>
      checkWaitingMails(await waitingMails.get(), await oldestMail.get()),
    ),
  ]
}

function ofTheSite({ config, clock, resolver, ca, keyring }: Means): Check[] {
  const { publicUrl } = config
  const { protocol, hostname } = new URL(publicUrl)
  const isPlain = protocol === 'http:' && !isLocal(config) && !hostname.endsWith('.onion')
  const look = async () => {
    const { findings, place } = await findPlace(publicUrl, resolver)
    if (!place) return findings
    const [certificates, proxy, ready, redirect] = await Promise.all([
      place.isHttps ? checkCertificates(place, { clock, ca }) : [],
      keyring.why === null
        ? checkProxy(place, { config, clock, keyring: keyring.it, ca })
        : [unchecked('PUBLIC_URL', keyring.why)],
      checkReadiness(place, config, ca).catch(() => []),
      checkRedirect(place),
    ])
    return [findings, certificates, proxy, ready, redirect].flat()
  }
  return [
    ...(isPlain ? [{ about: 'PUBLIC_URL', look: async () => checkScheme(publicUrl) }] : []),
    { about: 'DNS of PUBLIC_URL', look },
    ...config.logWitnesses.map((witness) => ({
      about: `witness ${witness.key.name}`,
      look: () => checkWitnessClock(witness, { clock, ca }),
    })),
  ]
}

function ofMail({ config, clock, resolver }: Means, { dkimSelector }: Wishes): Check[] {
  const server = { about: 'mail server', look: () => checkMailServer(config, clock) }
  const domain = config.mailFrom.address.split('@').at(-1)!
  if (isLoopback(domain) || !domain.includes('.')) {
    const why = `MAIL_FROM is at ${domain}, which nobody can answer`
    return [server, { about: 'MAIL_FROM', look: async () => unchecked('MAIL_FROM', why) }]
  }
  return [
    server,
    { about: 'MX of MAIL_FROM', look: () => checkMx(resolver, domain) },
    { about: 'SPF', look: () => checkSpf(resolver, domain, relayOf(config)) },
    { about: 'DKIM', look: () => checkDkim(resolver, domain, dkimSelector) },
    { about: 'DMARC', look: () => checkDmarc(resolver, domain) },
  ]
}
