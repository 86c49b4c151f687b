import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { copyDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get, signAndConfirm } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

describe('versions of the text', () => {
  const harness = useHarness()
  const { path: folder } = copyDemo()

  const publish = () => harness.site.publishing.publish(folder, { by: TESTER, agree: agreed })
  async function changeEnglish(from: RegExp, to: string) {
    const file = join(folder, 'en.md')
    const text = await readFile(file, 'utf8')
    assert.match(text, from)
    await writeFile(file, text.replace(from, to))
  }
  const signedVersions = async () =>
    (
      await harness.site.db
        .selectFrom('signature')
        .select('text_version')
        .orderBy('confirmed_at')
        .execute()
    ).map(({ text_version }) => text_version)

  it('publishing the same files again makes no version', async () => {
    assert.deepEqual(await publish(), {
      slug: 'cop29-baku',
      created: false,
      versions: [],
      unsubscribed: 0,
    })
  })

  it('a changed text is a new version; a signature keeps the one it signed', async () => {
    const signing = async (who: string, textVersion: string) => {
      await signAndConfirm(harness, { email: `${who}@example.org`, textVersion })
      harness.clock.move(1)
    }
    await signing('old', '1')
    await changeEnglish(/## Why Baku/, '## Why in Baku')
    assert.deepEqual((await publish()).versions, [{ language: 'en', version: 2 }])
    await signing('new', '2')
    await signing('cached-page', '1')
    await signing('made-up', '99')
    assert.deepEqual(await signedVersions(), [1, 2, 1, 2])
  })

  it('earlier versions stay readable, say what they are, and can’t be signed', async () => {
    const current = await (await get(harness, '/en/p/cop29-baku')).text()
    assert.match(current, /Why in Baku/)
    const older = await (await get(harness, '/en/p/cop29-baku/versions/1')).text()
    assert.match(older, /Why Baku/)
    assert.match(older, /You are reading version 1/)
    assert.doesNotMatch(older, /action="[^"]*signatures"/)
    assert.match(older, /noindex/)
    assert.equal((await get(harness, '/en/p/cop29-baku/versions/3')).status, 404)
  })

  it('other languages keep their own count of versions', async () => {
    const azerbaijani = await get(harness, '/az/p/cop29-baku/versions/2')
    assert.equal(azerbaijani.status, 404)
  })
})
