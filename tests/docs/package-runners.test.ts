import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { STORY_LANGUAGES } from '../support/demo.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { confirm, get, signAndOpenMail } from '../support/signer.ts'

/**
 * What fetches a package by its name and runs it, or puts it where it can be run. The project publishes
 * none, so whoever takes such a name runs code on the machines of those who follow the advice.
 */
const RUNNERS = [
  /\b(?:npx|bunx|pnpx|uvx)\s+(?:-\S+\s+)*[\w@]/i,
  /\b(?:npm|pnpm|yarn|bun)\s+(?:exec|dlx|x)\s+(?:-\S+\s+)*[\w@]/i,
  /\bnpm\s+(?:i|install|add|init|create)\s+(?:-\S+\s+)*[\w@]/i,
  /\b(?:pnpm|bun|yarn(?:\s+global)?)\s+(?:add|create|install)\s+(?:-\S+\s+)*[\w@]/i,
  /\bdeno\s+(?:run|install)\s+(?:-\S+\s+)*npm:/i,
]
const FOLDERS = ['views', 'docs', 'src', 'migrations']
const FILES = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  'package.json',
  'Dockerfile',
  'docker-compose.yml',
  '.env.example',
  // As they are handed out.
  'public/unseal.html',
  'public/undersigned-verify.mjs',
]
const TEXT = /\.(?:md|hbs|json|ts|yaml|css|mjs|html)$/

const findRunners = (text: string) => RUNNERS.flatMap((pattern) => pattern.exec(text)?.[0] ?? [])

describe('a command that runs a package by its name', () => {
  it('is recognised', () => {
    for (const advice of [
      'npx undersigned verify',
      'npx --yes undersigned',
      '`bunx undersigned`',
      'pnpm dlx undersigned',
      'yarn dlx undersigned',
      'npm exec -- undersigned',
      'npm i -g undersigned',
      'npm install --global @someone/undersigned',
      'yarn global add undersigned',
    ]) {
      assert.equal(findRunners(advice).length > 0, true, advice)
    }
    for (const fine of ['npm run undersigned -- verify', 'npm ci && npm start', 'npm install']) {
      assert.deepEqual(findRunners(fine), [])
    }
  })

  it('stands in no source, template, string, document or demo file, nor in what is handed out', () => {
    const files = FOLDERS.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => TEXT.test(name))
        .map((name) => join(folder, name)),
    )
    assert.ok(files.length > 400, `only ${files.length} files were found`)
    for (const file of [...files, ...FILES]) {
      assert.ok(existsSync(file), file)
      assert.deepEqual(findRunners(readFileSync(file, 'utf8')), [], file)
    }
  })

  describe('on the site', () => {
    let harness: Harness
    before(async () => {
      harness = await startHarness()
    })
    after(() => harness.close())

    it('stands on no page and in no mail, in any language', async () => {
      for (const language of STORY_LANGUAGES) {
        const email = `signer-${language}@example.org`
        const link = await signAndOpenMail(harness, { email }, language)
        await confirm(harness, link)
        await harness.sequence()
        const own = (await get(harness, link)).headers.get('location')!
        const petition = `/${language}/p/cop29-baku`
        for (const path of [petition, `${petition}/verify`, `${petition}/privacy`, own]) {
          const answer = await get(harness, path)
          assert.equal(answer.status, 200, path)
          assert.deepEqual(findRunners(await answer.text()), [], path)
        }
        const { text, html } = harness.mail.lastTo(email)
        assert.deepEqual(findRunners(`${text}\n${html}`), [])
      }
    })
  })
})
