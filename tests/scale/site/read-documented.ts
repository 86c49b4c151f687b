import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * A configuration as a page of docs/ prints it, with this machine's places in it: so that what the page
 * shows is what is run.
 *
 * @param nth of the page's blocks in that language, from 0
 * @throws when the page doesn't say what is to be replaced
 */
export function readDocumented(
  page: string,
  language: 'nginx' | 'ini' | 'yaml' | 'haproxy',
  replacements: Record<string, string>,
  nth = 0,
): string {
  const blocks = readFileSync(join(ROOT, page), 'utf8').matchAll(
    new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'),
  )
  const block = [...blocks][nth]
  if (!block) throw new Error(`${page} has no block ${nth} of ${language}`)
  let text = block[1]!
  for (const [documented, here] of Object.entries(replacements)) {
    if (!text.includes(documented)) throw new Error(`${page} lacks "${documented}"`)
    text = text.replaceAll(documented, here)
  }
  return text
}
