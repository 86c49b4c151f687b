import type { Role } from '../../../src/start.ts'
import { throughPort } from '../../support/harness.ts'
import { runSql, withDatabase } from '../../support/test-database.ts'
import type { Trial } from '../trial.ts'

const ROLES: Role[] = ['web', 'worker', 'web', 'worker']

export const trial: Trial = {
  name: 'migrations-at-once',
  what: 'two webs and two workers start at the same moment on an empty database: all migrations are pending',
  sizes: { short: 1, long: 20 },
  site: { nodes: [] },
  crowd: { signers: 0, readers: 0 },
  judged: false,
  async run({ site, check, ran, isShort }, size) {
    const roles = isShort ? ROLES.slice(0, 2) : ROLES
    for (let nth = 0; nth < size; nth++) {
      const name = `fresh_${nth}`
      await site.sql.query(`create database ${name}`)
      const url = withDatabase(site.database.url, name)
      const environment = { DATABASE_URL: throughPort(url, site.wire.port) }
      const nodes = await Promise.all(roles.map((role) => site.addNode(role, environment)))
      const begun = performance.now()
      await Promise.all(nodes.map((node) => node.start()))
      const ended = nodes.flatMap(({ deaths }) => deaths)
      check('all of them run', ended.length === 0, `${ended.length} ended: ${ended[0]}`)
      const { rows } = await runSql(
        url,
        'select count(*), count(distinct name) as names from kysely_migration',
      )
      check('each migration ran once', rows[0].count === rows[0].names, JSON.stringify(rows[0]))
      const petitions = await runSql(url, 'select slug from petition')
      check(
        'the demonstration is published once',
        petitions.rowCount === 1,
        `${petitions.rowCount}`,
      )
      ran(performance.now() - begun)
      await Promise.all(nodes.map((node) => node.stop()))
    }
  },
}
