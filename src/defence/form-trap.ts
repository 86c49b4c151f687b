/**
 * A field that people never see and simple bots fill in. Who fills it gets the usual answer, so that a
 * bot learns nothing; the signature isn't recorded.
 */
export const TRAP_FIELD = 'website'

export function fellIntoTrap(body: unknown): boolean {
  const value = (body as Record<string, unknown> | null | undefined)?.[TRAP_FIELD]
  return value !== undefined && value !== ''
}
