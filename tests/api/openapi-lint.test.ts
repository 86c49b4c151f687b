import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'

describe('the description of the API', () => {
  const harness = useHarness()
  const lint = async (source: string) => {
    // All that it recommends, but that somebody signs in, and that each operation refuses something: which statuses an
    // operation has is held to what it answers in openapi.test.ts.
    const config = await createConfig({
      extends: ['recommended-strict'],
      rules: { 'security-defined': 'off', 'operation-4xx-response': 'off' },
    })
    const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config })
    return problems.map(({ ruleId, message, location: [at] }) => {
      const { pointer = '' } = at as { pointer?: string }
      return `${ruleId}: ${message} ${pointer}`
    })
  }

  it('has nothing that the linter of @redocly/cli would complain about', async () => {
    await harness.sequence()
    const source = await (await get(harness, '/api/v1/openapi.json')).text()
    assert.deepEqual(await lint(source), [])
    const wrong = source.replace('"operationId":"getCounts"', '"operationId":"getPetition"')
    assert.notEqual(wrong, source)
    assert.match((await lint(wrong)).join('\n'), /operation-operationId-unique/)
  })
})
