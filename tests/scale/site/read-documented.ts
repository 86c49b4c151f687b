import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PAGE = fileURLToPath(new URL('../../../docs/scaling.md', import.meta.url))

/**
 * A configuration as docs/scaling.md prints it, with this machine's places in it: so that what the page
 * shows is what is run.
 *
 * @throws when the page doesn't say what is to be replaced
 */
export function readDocumented(
  language: 'nginx' | 'ini',
  replacements: Record<string, string>,
): string {
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(
    readFileSync(PAGE, 'utf8'),
  )
  if (!block) throw new Error(`docs/scaling.md has no block of ${language}`)
  let text = block[1]!
  for (const [documented, here] of Object.entries(replacements)) {
    if (!text.includes(documented)) throw new Error(`docs/scaling.md lacks "${documented}"`)
    text = text.replaceAll(documented, here)
  }
  return text
}
