/** What is wrong with a setting's value, to stand after the variable's name; it repeats nothing that may be secret. */
export class SettingError extends Error {}

/** Of a part of a URL: no "%" but what encodes something. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
