/**
 * Reads fields of a form, which may be hostile. Of a field that is sent twice, and arrives as an array, the first
 * value counts; a field that is missing, or no text, is empty.
 */
export function formText(body: unknown): (name: string) => string {
  const fields = (body ?? {}) as Record<string, unknown>
  return (name) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : ''
    const first = Array.isArray(value) ? value[0] : value
    return typeof first === 'string' ? first : ''
  }
}
