/** In one order, whoever keeps them: JSONB doesn't keep the file's, so that nothing may be told or compared in it. */
export const byName = <T>(values: Record<string, T>): [string, T][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
