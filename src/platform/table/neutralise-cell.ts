/**
 * First characters that make a spreadsheet run a cell as a formula: OWASP's list ("CSV Injection"),
 * with the full-width signs that Japanese and Chinese Excel take for the narrow ones.
 */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/u

/**
 * Text as a cell that no spreadsheet runs: an apostrophe goes before what would start a formula. Keys
 * come from addresses that anyone can write (`?source=-2`), so none is trusted. Also used in XLSX,
 * whose text cells run nothing: people save such a file as CSV and pass it on.
 */
export function neutraliseCell(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text
}
