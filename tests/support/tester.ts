import type { Actor } from '../../src/actions/note-action.ts'

/** Whoever acts in tests that call verbs by themselves. */
export const TESTER: Actor = { face: 'command line', person: 'tester@tests' }

/** An answer to whatever a verb asks back. */
export const agreed = () => true
