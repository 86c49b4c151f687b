import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { beginFolder } from '../../src/petition/publishing/begin-folder.ts'
import {
  PetitionFilesError,
  readPetitionFolder,
} from '../../src/petition/publishing/petition-files.ts'
import { DEMO } from '../../src/petition/publishing/publish-demo.ts'

describe('a folder to begin from', () => {
  let root: string
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'begin-'))
  })
  after(() => rm(root, { recursive: true }))

  it('is the demonstration, with its explanations, under an address of its own', async () => {
    const folder = join(root, 'clean-river')
    assert.equal(await beginFolder(folder), 'clean-river')
    const demo = await readPetitionFolder(DEMO)
    assert.deepEqual(await readPetitionFolder(folder), { ...demo, slug: 'clean-river' })
    assert.match(await readFile(join(folder, 'petition.yaml'), 'utf8'), /^# .*\n/)
  })

  it('is not made where something lies, nor under a name that can’t be an address', async () => {
    const taken = join(root, 'taken')
    await beginFolder(taken)
    for (const folder of [taken, join(root, 'My Petition'), join(root, 'not-there', 'below')]) {
      await assert.rejects(beginFolder(folder), (error: Error) => {
        assert.ok(error instanceof PetitionFilesError)
        assert.doesNotMatch(error.message, /\n/)
        return true
      })
    }
    assert.deepEqual((await readdir(root)).sort(), ['clean-river', 'taken'])
  })
})
