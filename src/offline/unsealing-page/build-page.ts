/**
 * Makes the unsealing page: one HTML file that organisers keep, with everything in it. The same sources
 * make the same bytes on every machine, so that the file's SHA-256 can be published and compared.
 *
 * It is never served by the site: somebody who seizes the server could then hand out a page that sends
 * the organisers' keys away. Organisers take it from a release, once, and keep it.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'
import Handlebars from 'handlebars'
import { bindWords } from '../../platform/i18n/bind-words.ts'
import { languageNames, languages, translator, views } from '../../platform/i18n/translate.ts'
import { listLicences } from './list-licences.ts'

const HERE = fileURLToPath(new URL('.//', import.meta.url))
/** The groups of strings that the page shows, whole or one by one. */
const STRINGS = ['unsealing.', 'site.name', 'site.skip', 'site.languages']

/** @param target the oldest browsers, as esbuild names them */
export async function buildPage(target: string[]): Promise<string> {
  const [program, styles] = await Promise.all([
    bundle('client/main.ts', target),
    bundle('styles/main.css', target),
  ])
  const page = Handlebars.compile(read('page.hbs'), { noEscape: true, strict: true })
  return page({
    policy: policyFor(program.text, styles.text),
    icon: `data:image/svg+xml,${encodeURIComponent(read('../../browser/icon.svg').trim())}`,
    style: styles.text,
    script: program.text,
    noScript: languages
      .map((tag) => `<p lang="${tag}">${translator(tag)('unsealing.noScript')}</p>`)
      .join(''),
    version: JSON.parse(read('../../../package.json')).version,
    licences: listLicences(HERE, Object.keys(program.metafile.inputs)),
  })
}

/** No request of any kind, to anywhere; no script and no style but these. Workers inherit it. */
function policyFor(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src '${digest(script)}'`,
    `style-src '${digest(style)}'`,
    'img-src data:',
    'worker-src blob:',
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ')
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

async function bundle(
  entry: string,
  target: string[],
): Promise<{ text: string; metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: HERE,
    entryPoints: [entry],
    outdir: 'out',
    bundle: true,
    minify: true,
    format: 'iife',
    target,
    charset: 'utf8',
    legalComments: 'none',
    define: { LANGUAGES: JSON.stringify(switchOf()), STRINGS: JSON.stringify(stringsOf()) },
    metafile: true,
    write: false,
  })
  // A newline at the end would be one more byte that the policy's hash has to agree on.
  // HTML, 13.2.3.5, has no control characters but white space; a library's string holds a DEL.
  const text = outputFiles[0]!.text.trimEnd().replaceAll('\x7f', '\\x7f')
  const end = entry.endsWith('.css') ? /<\/style|<!--/i : /<\/script|<!--/i
  if (end.test(text)) throw new Error(`${entry} would end its own element`)
  return { text, metafile }
}

function switchOf(): { tag: string; name: string }[] {
  return languages.map((tag) => ({ tag, name: languageNames[tag]! }))
}

/** By language and key, with plural forms as they stand in the files. */
function stringsOf(): Record<string, Record<string, string>> {
  return Object.fromEntries(
    languages.map((tag) => {
      const file = readFileSync(join(views, 'locales', `${tag}.json`), 'utf8')
      const shown = flatten(JSON.parse(file)).filter(([key]) =>
        STRINGS.some((start) => key.startsWith(start)),
      )
      return [tag, Object.fromEntries(shown.map(([key, text]) => [key, bindWords(text, tag)]))]
    }),
  )
}

type Strings = { [key: string]: string | Strings }

function flatten(group: Strings, prefix = ''): [string, string][] {
  return Object.entries(group).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : flatten(value, `${prefix}${key}.`),
  )
}

function read(path: string): string {
  return readFileSync(join(HERE, path), 'utf8')
}
