/**
 * For an option that may be given several times. Commander's own `<value...>` would also take the
 * argument that follows it.
 */
export const collectValues = (value: string, before: string[] = []) => [...before, value]
