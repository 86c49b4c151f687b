import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatRule, parseRule, RuleError } from '../../src/scrutiny/rule.ts'

describe('a rule', () => {
  it('is read as it is written', () => {
    const rule = parseRule(
      ['domain=3f9a0c5b7e21,shared', 'client=chrome windows same', 'domain=gmx.de'],
      {
        since: '2024-11-11T09:00Z',
      },
    )
    assert.deepEqual(rule, {
      traits: { domain: ['3f9a0c5b7e21', 'shared', 'gmx.de'], client: ['chrome windows same'] },
      since: '2024-11-11T09:00:00.000Z',
      until: null,
    })
    assert.equal(
      formatRule(rule),
      'domain=3f9a0c5b7e21,shared,gmx.de client=chrome windows same since 2024-11-11T09:00:00.000Z',
    )
  })

  it('that would fit everybody, or names what there is not, is refused with the reason', () => {
    const refused: [string[], object, RegExp][] = [
      [[], {}, /must not fit everybody/],
      [['email=a@b'], {}, /"email" is no trait: there are country, language/],
      [['domain'], {}, /lacks a value/],
      [['domain=a,,b'], {}, /lacks a value/],
      [['domain=a'], { since: 'yesterday' }, /--since takes a time such as/],
      [['domain=a'], { until: '2024-13-01' }, /--until takes a time such as/],
      [['__proto__=a'], {}, /is no trait/],
    ]
    for (const [where, times, message] of refused) {
      assert.throws(
        () => parseRule(where, times),
        (error) => error instanceof RuleError && message.test(error.message),
      )
    }
  })
})
