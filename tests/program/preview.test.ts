import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { beginFolder } from '../../src/petition/files/begin-folder.ts'
import { languages } from '../../src/platform/i18n/translate.ts'
import { copyDemo } from '../support/demo.ts'
import { type Program, runProgram } from '../support/program.ts'
import { askAs, othersHosts } from '../support/raw-http.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('petition preview', () => {
  const folder = copyDemo(languages)
  let program: Program
  let origin: string
  before(async () => {
    // No database answers there: none may be asked.
    program = runProgram(['petition', 'preview', folder.path, '--port', '0'], {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      DATA_DIR: join(folder.path, 'never-made'),
    })
    await program.untilRunning()
    origin = /^(http:\/\/127\.0\.0\.1:\d+)\/en\/p\/cop29-baku$/m.exec(program.output())![1]!
  })
  after(async () => {
    program.child.kill('SIGKILL')
  })

  const get = (path: string, method = 'GET') =>
    fetch(`${origin}${path}`, { method, redirect: 'manual' })

  it('names the page in each language and shows it there, as what it is', async () => {
    for (const language of languages) {
      assert.ok(program.output().includes(`${origin}/${language}/p/cop29-baku\n`))
    }
    const page = await (await get('/en/p/cop29-baku')).text()
    assert.match(page, /This is a preview\. The page is not published and cannot be signed\./)
    assert.match(page, /No to glorifying the repressive Aliyev regime/)
    assert.match(page, /<form/)
    assert.match(await (await get('/be/p/cop29-baku')).text(), /Гэта папярэдні прагляд/)
    const style = /href="(\/assets\/[^"]+\.css)"/.exec(page)![1]!
    assert.equal((await get(style)).status, 200)
  })

  it('shows what is changed at the next look, and what is wrong with it', async () => {
    await folder.change('en.md', /^slogan:.*/m, 'slogan: "Give us back our river"')
    assert.match(await (await get('/en/p/cop29-baku')).text(), /Give us back our river/)
    await folder.change('en.md', /^slogan:.*/m, 'slogan: Rivers: ours')
    const wrong = await get('/en/p/cop29-baku')
    assert.equal(wrong.status, 422)
    assert.match(await wrong.text(), /^en\.md, line 3: a value that holds a colon needs quotes/)
    await folder.change('en.md', /^slogan:.*/m, 'slogan: "Rivers"')
    assert.equal((await get('/en/p/cop29-baku')).status, 200)
  })

  it('takes no form, and leads back from everything that it doesn’t have', async () => {
    for (const [path, method] of [
      ['/en/p/cop29-baku/signatures', 'POST'],
      ['/en/p/cop29-baku/verify', 'GET'],
      ['/', 'GET'],
      ['/kk/p/cop29-baku', 'GET'],
      ['/en/p/valueOf', 'GET'],
      ['/en/p/%00', 'GET'],
    ] as const) {
      const answer = await get(path, method)
      assert.equal(answer.status, 303, path)
      assert.equal(answer.headers.get('location'), '/en/p/cop29-baku')
    }
  })

  it('shows the draft to nobody who reached it under another name', async () => {
    const page = '/en/p/cop29-baku'
    const { port } = new URL(origin)
    const own = [`127.0.0.1:${port}`, 'LocalHost:8080', 'localhost', '[::1]:3001']
    for (const host of own) assert.equal((await askAs(host, origin + page)).status, 200, host)
    for (const host of othersHosts(port)) {
      for (const path of [page, '/', '/assets/none', '/x/%00']) {
        const { status, body } = await askAs(host, origin + path)
        assert.equal(status, 421, `${host} ${path}`)
        assert.doesNotMatch(body, /Aliyev|cop29/)
      }
    }
  })

  it('ends with Ctrl-C', async () => {
    program.child.kill('SIGINT')
    const { code, errors } = await program.ended
    assert.deepEqual([code, errors], [0, ''])
  })

  it('shows a template before it is filled in, and says at once what can’t be shown', async () => {
    const root = temporaryFolder()
    const draft = join(root, 'clean-river')
    await beginFolder(draft, ['ru', 'en'])
    const run = runProgram(['petition', 'preview', draft, '--port', '0'], {})
    try {
      await run.untilRunning()
      const url = /^http:\S+\/ru\/p\/clean-river$/m.exec(run.output())![0]
      assert.match(await (await fetch(url)).text(), /FILL-IN: the call, in one sentence/)
      await writeFile(join(draft, 'petition.yaml'), 'slug: [')
      const { code, errors } = await runProgram(['petition', 'preview', draft], {}).ended
      assert.equal(code, 1)
      assert.match(
        errors,
        /^undersigned: petition\.yaml, line 1: the bracket that opens here [^\n]*\n$/,
      )
    } finally {
      run.child.kill('SIGKILL')
    }
  })
})
