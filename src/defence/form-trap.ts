/**
 * A field that people never see and simple robots fill in. `subject` is what the page calls it: robots know it
 * from contact forms, no browser and no password manager has anything to put there. `website` was its name
 * before, and stays one of the trap's for tools that know it; see docs/decisions/0029.
 */
const TRAP_FIELDS = ['subject', 'website']

export interface FormTrap {
  /** Whether a form fell into it. Switched off it lets everything pass. */
  caught(body: unknown): boolean
}

export function createFormTrap({ on }: { on: boolean }): FormTrap {
  return { caught: (body) => on && fellIntoTrap(body) }
}

/** A field that was sent twice, or holds only spaces, is still empty; a value that isn't text is no form's. */
function fellIntoTrap(body: unknown): boolean {
  const fields = (body ?? {}) as Record<string, unknown>
  return TRAP_FIELDS.some(
    (name) =>
      Object.hasOwn(fields, name) &&
      [fields[name]].flat().some((value) => typeof value === 'string' && /\S/.test(value)),
  )
}
