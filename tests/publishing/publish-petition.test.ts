import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { readConfig } from '../../src/config.ts'
import type { Database } from '../../src/database.ts'
import { type PetitionFiles, readPetitionFolder } from '../../src/petition/files/petition-files.ts'
import { PetitionFilesError } from '../../src/petition/files/read-source.ts'
import { createPetitions, loadPetitions } from '../../src/petition/petitions.ts'
import { DAY, HOUR } from '../../src/platform/clock.ts'
import { type Connection, connect } from '../../src/platform/database/connect.ts'
import { languages } from '../../src/platform/i18n/translate.ts'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import { DEMO } from '../../src/publishing/demo-folders.ts'
import { publishPetition } from '../../src/publishing/publish-petition.ts'
import { createPublishing } from '../../src/publishing/publishing.ts'
import { unwrapTagKey } from '../../src/sealing/signer-details.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { createTestClock, type TestClock } from '../support/test-clock.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'
import { agreed, TESTER } from '../support/tester.ts'

const keyring = deriveKeyring(Buffer.alloc(32, 1))

describe('publishing a petition', () => {
  let database: TestDatabase
  let connection: Connection<Database>
  let clock: TestClock
  let demo: PetitionFiles
  const folder = temporaryFolder()
  const open = () => connect<Database>({ url: database.url, max: 4, onError: () => {} })

  before(async () => {
    database = await createTestDatabase()
    connection = open()
    demo = await readPetitionFolder(DEMO)
  })
  after(async () => {
    await connection.close()
    await database.drop()
  })
  beforeEach(async () => {
    clock = createTestClock()
    await connection.db.deleteFrom('log_queue').execute()
    await connection.db.deleteFrom('petition').execute()
  })

  let keys = 0
  const makeTagKey = () => Buffer.of(++keys)
  const publish = (changes: Partial<PetitionFiles> = {}, { db } = connection) =>
    db
      .transaction()
      .execute((trx) =>
        publishPetition(trx, { clock, by: TESTER, makeTagKey }, { ...demo, ...changes }),
      )
  const only = async () => {
    const [petition, ...others] = await loadPetitions(connection.db, { production: false })
    assert.deepEqual(others, [])
    return petition!
  }
  const withBody = (language: string, body: string) => ({
    contents: { ...demo.contents, [language]: { ...demo.contents[language]!, body } },
  })

  it('for the first time makes version 1 in each language', async () => {
    assert.deepEqual(await publish(), {
      slug: 'cop29-baku',
      created: true,
      versions: languages.map((language) => ({ language, version: 1 })),
      unsubscribed: 0,
    })
    const petition = await only()
    assert.deepEqual(petition.settings, demo.settings)
    assert.deepEqual(petition.texts.get('az')![0]!.content, demo.contents.az)
  })

  it('again, unchanged, makes no version', async () => {
    await publish()
    clock.move(HOUR)
    assert.deepEqual(await publish(), {
      slug: 'cop29-baku',
      created: false,
      versions: [],
      unsubscribed: 0,
    })
  })

  it('with one changed text makes a new version of that one only, and keeps the old', async () => {
    await publish()
    clock.move(HOUR)
    assert.deepEqual((await publish(withBody('ru', 'Иначе.'))).versions, [
      { language: 'ru', version: 2 },
    ])
    const { texts } = await only()
    assert.deepEqual(
      texts.get('ru')!.map(({ version, content }) => [version, content.body]),
      [
        [2, 'Иначе.'],
        [1, demo.contents.ru!.body],
      ],
    )
    assert.equal(
      texts.get('ru')![0]!.published_at.getTime() - texts.get('ru')![1]!.published_at.getTime(),
      HOUR,
    )
    assert.equal(texts.get('en')!.length, 1)
  })

  it('with an earlier text again makes a version of it: what is signed now is what stands now', async () => {
    await publish()
    await publish(withBody('en', 'Else.'))
    assert.deepEqual((await publish()).versions, [{ language: 'en', version: 3 }])
    assert.deepEqual((await publish()).versions, [])
  })

  it('with changed settings changes them, and no text', async () => {
    await publish()
    const before = await only()
    clock.move(HOUR)
    assert.deepEqual((await publish({ settings: { ...demo.settings, goals: [7] } })).versions, [])
    const now = await only()
    assert.deepEqual(now.settings.goals, [7])
    assert.equal(now.id, before.id)
    assert.equal(now.updatedAt.getTime() - before.updatedAt.getTime(), HOUR)
  })

  it('counts relative dates from the first time, however often it is published again', async () => {
    const start = clock.now().getTime()
    await publish({ opens: '-2d', closes: '+90d' })
    for (const days of [1, 30, 89]) {
      clock.move(days * DAY)
      await publish({ opens: '-2d', closes: '+90d' })
      const { opensAt, closesAt } = await only()
      assert.equal(opensAt.getTime(), start - 2 * DAY)
      assert.equal(closesAt!.getTime(), start + 90 * DAY)
    }
  })

  it('takes absolute dates with their zone, and an end that is left open', async () => {
    await publish({ opens: '2030-03-01T09:00:00+01:00', closes: '2030-03-02T09:00Z' })
    assert.equal((await only()).opensAt.toISOString(), '2030-03-01T08:00:00.000Z')
    assert.equal((await only()).closesAt!.toISOString(), '2030-03-02T09:00:00.000Z')
    await publish({ opens: '+0d', closes: null })
    assert.equal((await only()).closesAt, null)
  })

  it('is refused for dates that contradict each other or are none, and changes nothing', async () => {
    await publish()
    const before = await only()
    const wrong: [Partial<PetitionFiles>, RegExp][] = [
      [
        { opens: '+5d', closes: '+5d' },
        /^petition\.yaml: closes \(\+5d\) must be later than opens \(\+5d\)$/,
      ],
      [
        { opens: '+5d', closes: '+4d' },
        /^petition\.yaml: closes \(\+4d\) must be later than opens \(\+5d\)$/,
      ],
      [{ opens: '2030-13-01T00:00Z' }, /^petition\.yaml: opens is on 2030-13-01, a day that no/],
      [{ opens: '2030-02-30T00:00Z' }, /^petition\.yaml: opens is on 2030-02-30, a day that no/],
      [
        { closes: '2030-03-01' },
        /^petition\.yaml: closes takes a date .* where the file has a zone/,
      ],
    ]
    for (const [changes, message] of wrong) {
      await assert.rejects(publish({ ...withBody('en', 'x'), ...changes }), (error: Error) => {
        assert.ok(error instanceof PetitionFilesError)
        assert.match(error.message, message)
        return true
      })
    }
    assert.deepEqual(await only(), before)
  })

  it('keeps the key that tells duplicates, whatever else changes', async () => {
    await publish()
    const { tagKey } = await only()
    await publish(withBody('en', 'x'))
    assert.deepEqual((await only()).tagKey, tagKey)
  })

  it('gives two petitions two keys', async () => {
    await publish()
    await publish({ slug: 'another' })
    const [one, two] = await loadPetitions(connection.db, { production: false })
    assert.notDeepEqual(one!.tagKey, two!.tagKey)
  })

  it('from a folder wraps the key and shows the petition at once', async () => {
    const petitions = createPetitions({ db: connection.db, production: false })
    assert.equal(await petitions.find('cop29-baku'), null)
    const config = readConfig({ DATA_DIR: folder })
    const { db } = connection
    const targets = { drop: () => {} }
    const publishing = createPublishing({ config, db, clock, keyring, petitions, targets })
    await publishing.publish(DEMO, { by: TESTER, agree: agreed })
    const petition = await petitions.find('cop29-baku')
    assert.equal(unwrapTagKey(keyring, petition!.tagKey!).length, 32)
  })

  it('by many nodes at the same moment gives one petition and no error', async () => {
    const nodes = Array.from({ length: 6 }, open)
    try {
      const published = await Promise.all([...nodes, ...nodes].map((node) => publish({}, node)))
      assert.equal(published.filter(({ created }) => created).length, 1)
      assert.equal(published.filter(({ versions }) => versions.length > 0).length, 1)
      const { texts } = await only()
      assert.deepEqual(
        [...texts.values()].map((versions) => versions.length),
        languages.map(() => 1),
      )

      // Different texts at the same moment: each is a version, none is lost.
      const bodies = nodes.map((_, index) => `Body ${index}`)
      await Promise.all(nodes.map((node, index) => publish(withBody('en', bodies[index]!), node)))
      const versions = (await only()).texts.get('en')!
      assert.deepEqual(
        versions.map(({ version }) => version),
        [7, 6, 5, 4, 3, 2, 1],
      )
      assert.deepEqual(
        new Set(versions.slice(0, -1).map(({ content }) => content.body)),
        new Set(bodies),
      )
    } finally {
      await Promise.all(nodes.map((node) => node.close()))
    }
  })
})
