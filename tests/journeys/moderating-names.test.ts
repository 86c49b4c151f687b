import assert from 'node:assert/strict'
import { before, beforeEach, describe, it } from 'node:test'
import { DAY, HOUR } from '../../src/platform/clock.ts'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { moderation } from '../support/moderation.ts'
import { confirm, counted, sign, signAndConfirm, signAndOpenMail } from '../support/signer.ts'

describe('organisers who read the names under their petition', () => {
  const harness = useHarness()
  let names: ReturnType<typeof moderation>
  before(async () => {
    names = moderation(harness)
    for (const who of ['Ann Lee', 'Rude Words', 'Leyla Yunus']) {
      await signAndConfirm(harness, {
        email: `${who.replace(' ', '.')}@example.org`,
        name: who,
        display: 'name',
        comment: `Said by ${who}`,
      })
      harness.clock.move(1000)
    }
    await harness.site.db.updateTable('comment').set({ state: 'approved' }).execute()
  })

  it('see them all, the newest first, unless they ask for fewer', async () => {
    const who = (await names.list()).map((each) => `${each.state} ${each.who}`)
    assert.deepEqual(who, ['shown Leyla Yunus, DE', 'shown Rude Words, DE', 'shown Ann Lee, DE'])
    assert.equal((await names.list('--newest', '1')).length, 1)
  })

  it('hide one: it is gone from list and comment, and its signature counts', async () => {
    const before = await counted(harness)
    const id = await names.idOf('Rude Words')
    const { output: stdout } = await names.run('hide', id)
    assert.equal(stdout, `${id} hidden\n`)
    assert.deepEqual(await names.shownOf(), ['Leyla Yunus', 'Ann Lee'])
    assert.match(await names.page(), /Said by Rude Words[\s\S]*?<bdi>A signer<\/bdi>/)
    assert.doesNotMatch(await names.page(), /<bdi[^>]*>(Rude Words)?<\/bdi>/)
    await harness.tally()
    assert.equal(await counted(harness), before)
    assert.equal((await names.list()).find((each) => each.id === id)!.state, 'hidden')
  })

  it('show it again', async () => {
    const id = await names.idOf('Rude Words')
    assert.equal((await names.run('show', id)).output, `${id} shown\n`)
    assert.deepEqual(await names.shownOf(), ['Leyla Yunus', 'Rude Words', 'Ann Lee'])
  })

  it('are told which name is not there any more, and of a petition that never was', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000'
    for (const id of [nobody, '41', 'x'.repeat(99)]) {
      const { code, errors: stderr } = await names.run('hide', id)
      assert.equal(code, 1)
      assert.match(stderr, new RegExp(`^[^\n]*there is no name ${id}[^\n]*\n$`))
    }
    assert.equal((await names.run('list', 'no-such-petition')).code, 1)
    assert.equal((await names.run('list', DEMO, '--newest', 'many')).code, 2)
  })

  it('find a name that took the place of a hidden one waiting; the same name stays hidden', async () => {
    await names.run('hide', await names.idOf('Rude Words'))
    const replaceBy = async (name: string) => {
      harness.clock.move(2 * HOUR)
      const fields = { email: 'Rude.Words@example.org', name, display: 'name' }
      const link = await signAndOpenMail(harness, fields)
      assert.equal((await confirm(harness, link, 'replace')).status, 303)
      return (await names.list()).find((each) => each.who.startsWith(name))!.state
    }
    assert.equal(await replaceBy('Rude Words'), 'hidden')
    assert.equal(await replaceBy('Ruder Words'), 'waiting')
    assert.deepEqual(await names.shownOf(), ['Leyla Yunus', 'Ann Lee'])
  })
})

describe('what organisers have hidden', () => {
  const harness = useHarness()
  let names: ReturnType<typeof moderation>
  let people = 0
  let email: string
  before(async () => {
    names = moderation(harness)
  })
  beforeEach(() => {
    email = `person${people++}@example.org`
  })

  const signs = (name: string, fields = {}) =>
    signAndConfirm(harness, { email, name, display: 'name', ...fields })

  /** Past the caps on mails to one address. */
  async function replacesBy(fields: Record<string, string>): Promise<void> {
    harness.clock.move(2 * DAY)
    const link = await signAndOpenMail(harness, { email, ...fields })
    assert.equal((await confirm(harness, link, 'replace')).status, 303)
  }

  const stateOf = async (name: string) =>
    (await names.list()).find(({ who }) => who?.startsWith(`${name}, `))?.state

  it('does not come back by being taken off first, neither the same name nor another, nor initials', async () => {
    await signs('Vile Insult')
    const id = await names.idOf('Vile Insult')
    await names.run('hide', id)
    await replacesBy({ name: 'Vile Insult', display: 'hidden' })
    assert.equal(await stateOf('Vile Insult'), undefined)
    assert.doesNotMatch((await names.run('list', DEMO)).output, /null/)
    const { code, errors } = await names.run('show', id)
    assert.equal(code, 1, 'nothing is there to be read')
    assert.match(errors, /there is no name/)
    await replacesBy({ name: 'Vile Insult', display: 'hidden' })
    await replacesBy({ name: 'Vile Insult', display: 'name' })
    assert.equal(await stateOf('Vile Insult'), 'waiting')
    await replacesBy({ name: 'Vile Insult', display: 'initials' })
    assert.equal(await stateOf('V. I.'), 'waiting')
    assert.deepEqual(await names.shownOf(), [])
  })

  it('waits on through a third name, and through being taken off while it waits, until it is shown', async () => {
    await signs('Buy Pills')
    await names.run('hide', await names.idOf('Buy Pills'))
    for (const name of ['Pills To Buy', 'Cheap Pills']) {
      await replacesBy({ name, display: 'name' })
      assert.equal(await stateOf(name), 'waiting')
    }
    await replacesBy({ name: 'Cheap Pills', display: 'hidden' })
    await replacesBy({ name: 'Nina Beridze', display: 'name' })
    assert.equal(await stateOf('Nina Beridze'), 'waiting')
    await names.run('show', await names.idOf('Nina Beridze'))
    assert.deepEqual(await names.shownOf(), ['Nina Beridze'])
    await replacesBy({ name: 'Nina B. Beridze', display: 'name' })
    assert.equal(await stateOf('Nina B. Beridze'), 'shown', 'nothing is held against them any more')
  })

  it('leaves nothing of a signer whose name nobody hid, once they take it off', async () => {
    const { db } = harness.site
    const rows = async () => (await db.selectFrom('public_name').selectAll().execute()).length
    const before = await rows()
    await signs('Ann Lee')
    await replacesBy({ name: 'Ann Lee', display: 'hidden' })
    assert.equal(await rows(), before)
  })

  it('of a comment stays hidden while it says the same, and waits once it says something else', async () => {
    const { db } = harness.site
    const states = async () =>
      (await db.selectFrom('comment').select('state').execute()).map(({ state }) => state)
    const decide = (state: 'approved' | 'refused') =>
      db.updateTable('comment').set({ state }).execute()
    await signs('Ilya Repin', { comment: 'First words' })
    for (const state of ['refused', 'approved'] as const) {
      await decide(state)
      await replacesBy({ name: 'Ilya Repin', display: 'hidden', comment: 'First words' })
      assert.deepEqual(await states(), [state])
    }
    await replacesBy({ name: 'Ilya Repin', comment: 'Other words' })
    assert.deepEqual(await states(), ['waiting'])
    await decide('refused')
    await replacesBy({ name: 'Ilya Repin', comment: '' })
    assert.deepEqual(await states(), [])
    await replacesBy({ name: 'Ilya Repin', comment: 'Other words' })
    assert.deepEqual(await states(), ['waiting'])
  })
})

describe('a name that has no letter', () => {
  const harness = useHarness()

  it('is refused before anything of it is kept', async () => {
    for (const name of ['🌹', '🎉 ❤️', '+49 170 1234567', '★ 100 %']) {
      const answer = await sign(harness, { email: 'rose@example.org', name, display: 'initials' })
      assert.equal(answer.status, 422, name)
      assert.match(await answer.text(), /A name needs at least one letter/)
    }
    assert.deepEqual(await harness.site.db.selectFrom('submission').select('id').execute(), [])
  })

  it('is refused beside its field, in the page’s language', async () => {
    for (const [language, message] of [
      ['en', 'A name cannot contain a web address'],
      ['az', 'Adda veb-sayt ünvanı ola bilməz'],
      ['ru', 'В имени не может быть адреса сайта'],
      ['be', 'У імені не можа быць адраса сайта'],
    ] as const) {
      const answer = await sign(harness, { name: 'best-casino.example.com' }, language)
      assert.equal(answer.status, 422)
      assert.match(
        await answer.text(),
        new RegExp(`id="error-name">[\\s\\S]{0,80}${message.replaceAll(' ', '\\s')}`),
      )
    }
  })
})
