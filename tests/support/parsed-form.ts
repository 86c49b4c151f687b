import assert from 'node:assert/strict'
import { type FieldProblems, parseSignForm } from '../../src/signature/form/sign-form.ts'

/** A form that is taken. */
export const good = {
  name: 'Leyla Yunus',
  email: 'leyla@example.org',
  country: 'DE',
  consent: 'yes',
}

export function problemsOf(fields: Record<string, unknown>): FieldProblems {
  const parsed = parseSignForm({ ...good, ...fields })
  return parsed.ok ? {} : parsed.problems
}

export function inputOf(fields: Record<string, unknown>) {
  const parsed = parseSignForm({ ...good, ...fields })
  assert.ok(parsed.ok, JSON.stringify(parsed))
  return parsed.input
}
