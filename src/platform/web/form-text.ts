/**
 * Reads fields of a form that anybody may have sent. A field that is sent twice arrives as an array, and counts as
 * what its first value says; one that is missing, or no text, is empty.
 */
export function formText(body: unknown): (name: string) => string {
  const fields = (body ?? {}) as Record<string, unknown>
  return (name) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : ''
    const first = Array.isArray(value) ? value[0] : value
    return typeof first === 'string' ? first : ''
  }
}
