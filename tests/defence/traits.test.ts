import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSharedTraits } from '../../src/defence/shared-traits.ts'
import { describeForm, shapeOf, type Traits } from '../../src/defence/traits.ts'

describe('what is noted of a form', () => {
  it('is the shape of a name, not the name', () => {
    const shapes: [string, string][] = [
      ['Leyla Yunus', 'latin 2 proper'],
      ['leyla yunus', 'latin 2 lower'],
      ['LEYLA YUNUS', 'latin 2 upper'],
      ['Ивановa', 'other 1 proper'],
      ['Наста Купала', 'cyrillic 2 proper'],
      ['გიორგი', 'georgian 1 lower'],
      ['Əli-Səfər Məmmədov', 'latin 2 proper'],
      ["O'Neill van der Berg Smith", 'latin 4+ mixed'],
      ['user4711', 'latin 1 digits'],
      ['X Æ', 'latin 2 proper'],
      ['42', 'other 1 digits'],
      ['', 'other 0 lower'],
    ]
    for (const [name, shape] of shapes) assert.equal(shapeOf(name), shape, name)
  })

  it('is a kind of browser that thousands have, and a large provider alone', () => {
    const agent = (text: string, languages = 'de-AT,de;q=0.8') =>
      describeForm(
        {
          name: 'A B',
          language: 'de',
          headers: { 'user-agent': text, 'accept-language': languages },
        },
        'gmx.de',
      ).client
    assert.equal(
      agent('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0'), // biome-ignore format: one agent
      'edge windows same',
    )
    assert.equal(agent('Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1', 'en-US'), 'safari ios other') // biome-ignore format: one agent
    assert.equal(agent('curl/8', ''), 'other other none')
    const described = { name: 'A B', language: 'de', headers: {} }
    assert.equal(describeForm(described, 'gmx.de').provider, 'gmx.de')
    assert.equal(describeForm(described, 'my-own-firm.example').provider, null)
    assert.equal(describeForm(described, 'my-own-firm.example').client, 'other other none')
  })

  it('names a network or a domain only once three forms of one petition have it in common', () => {
    const shared = createSharedTraits()
    const traits = (fields: Partial<Traits>): Traits => ({
      provider: null,
      again: false,
      name: 'latin 2 proper',
      client: 'other other none',
      network: null,
      domain: null,
      ...fields,
    })
    const firm = traits({ domain: 'aaaaaaaaaaaa', network: 'bbbbbbbbbbbb' })
    assert.deepEqual(shared.note('1', 7, firm), [])
    assert.deepEqual(shared.note('2', 7, traits({ domain: 'aaaaaaaaaaaa' })), [])
    assert.deepEqual(shared.note('3', 8, firm), [], 'of another petition')
    assert.deepEqual(shared.note('4', 7, firm), [
      { id: '1', kind: 'domain', value: 'aaaaaaaaaaaa' },
      { id: '2', kind: 'domain', value: 'aaaaaaaaaaaa' },
      { id: '4', kind: 'domain', value: 'aaaaaaaaaaaa' },
    ])
    assert.deepEqual(
      shared.note('5', 7, firm).map(({ id, kind }) => `${kind} ${id}`),
      ['network 1', 'network 4', 'network 5', 'domain 5'],
    )
    const gmail = traits({ provider: 'gmail.com', domain: 'cccccccccccc' })
    for (const id of ['6', '7', '8', '9']) assert.deepEqual(shared.note(id, 7, gmail), [])
  })
})
