import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { parse } from 'yaml'
import { buildApp } from '../../src/app.ts'
import { keepLastBackup } from '../../src/restoring/last-backup.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { signAndConfirm } from '../support/signer.ts'

const FOLDER = 'docs/monitoring'
/** Made by Prometheus itself. */
const OF_PROMETHEUS = ['up']
/** `http_request_duration_seconds_bucket` is of the histogram without its ending. */
const METRIC = /\b(?:undersigned|http|mails|forms|nodejs|process)_[a-z0-9_]+\b|\bup\b/g
const MATCHER = /\b(why|outcome|state|lane|field)=(~?)"([^"]+)"/g

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: Record<string, string>
}

const rules = (
  parse(readFileSync(`${FOLDER}/alerts.yml`, 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules)
const dashboard = JSON.parse(readFileSync(`${FOLDER}/dashboard.json`, 'utf8')) as {
  panels: { targets?: { expr: string }[] }[]
}
const expressions = [
  ...rules.map(({ expr }) => expr),
  ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
]

describe('the alert rules and the dashboard', () => {
  let site: Harness
  let text: string
  let hasRoute: (url: string) => boolean
  before(async () => {
    site = await startHarness()
    await signAndConfirm(site)
    await site.sequence()
    await keepLastBackup(site.site.config, { at: new Date(), bytes: 1 })
    const app = await buildApp({ ...site.site, pool: site.connection.pool })
    text = (await app.inject({ method: 'GET', url: '/metrics' })).body
    hasRoute = (url) => app.hasRoute({ method: 'POST', url })
    await app.close()
  })
  after(() => site.close())

  it('ask only for figures that a site shows, by labels that it has', () => {
    assert.ok(expressions.length > 30)
    for (const expression of expressions) {
      const labels = [...expression.matchAll(MATCHER)]
      const bare = expression.replaceAll(/"[^"]*"/g, '')
      for (const [metric] of bare.matchAll(METRIC)) {
        if (OF_PROMETHEUS.includes(metric)) continue
        // Those of requests appear with the first request.
        const pattern = metric.startsWith('http_')
          ? `^# TYPE ${metric.replace(/_(?:bucket|count|sum)$/, '')} `
          : `^${metric}(?:\\{.*\\})? [-+\\d.e]+$`
        assert.ok(new RegExp(pattern, 'm').test(text), `${metric} of ${expression}`)
      }
      for (const [, route] of expression.matchAll(/route="([^"]+)"/g)) assert.ok(hasRoute(route!))
      for (const [, label, isPattern, value] of labels) {
        const values = isPattern ? value!.split('|') : [value!]
        for (const each of values) assert.ok(text.includes(`${label}="${each}"`), `${each}`)
      }
    }
  })

  it('show every figure of the program', () => {
    const shown = [...text.matchAll(/^# TYPE ((?:undersigned|mails|forms)_\w+)/gm)]
    assert.ok(shown.length > 18)
    for (const [, name] of shown) {
      assert.ok(
        expressions.some((each) => each.includes(name!)),
        `${name} is in no panel and no rule`,
      )
    }
  })

  it('say of each alert what, why and what to do, and whom to wake', () => {
    for (const { alert, labels, annotations } of rules) {
      assert.ok(['page', 'ticket'].includes(labels.severity), alert)
      for (const part of ['summary', 'why', 'runbook']) assert.ok(annotations[part], alert)
    }
    assert.match(
      readFileSync('docs/operating.md', 'utf8'),
      /docs\/monitoring|monitoring\/alerts\.yml/,
    )
  })

  const hasPromtool = spawnSync('promtool', ['--version']).status === 0
  for (const command of [
    ['check', 'rules', 'alerts.yml'],
    ['test', 'rules', 'alerts.test.yml'],
  ]) {
    it(`pass promtool ${command[0]} rules`, {
      skip: !hasPromtool && !process.env.CI && 'promtool is missing',
    }, () => {
      const { status, stdout, stderr } = spawnSync('promtool', command, {
        cwd: FOLDER,
        encoding: 'utf8',
      })
      assert.equal(status, 0, `${stdout}${stderr}`)
    })
  }
})
