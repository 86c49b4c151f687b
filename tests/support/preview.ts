/**
 * Renders every page in every state and language into a folder, to be looked at without a server:
 * `npm run build:browser && node --import tsx tests/support/preview.ts [folder]`, then open its
 * index.html. Addresses of the styles and scripts are relative, so file:// does.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type Handlebars from 'handlebars'
import { languages, views } from '../../src/platform/i18n/translate.ts'
import { readAssets } from '../../src/platform/web/assets.ts'
import { createHandlebars } from '../../src/platform/web/handlebars.ts'
import { previewPages } from './preview-pages.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../.data/preview', import.meta.url))
const assets = readAssets()
const handlebars = createHandlebars()
const layout = read('layout')
const links: string[] = []

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
cpSync(assets.folder, `${folder}/assets`, { recursive: true })
const { fonts: _, ...paths } = assets.paths
const relative = Object.entries(paths).map(([key, path]) => [key, path.slice(1)])

for (const language of languages) {
  for (const [state, { template, page }] of Object.entries(previewPages(language))) {
    const view = { ...page, assets: Object.fromEntries(relative) }
    const file = `${language}-${state}.html`
    writeFileSync(`${folder}/${file}`, layout({ ...view, body: read(template)(view) }))
    links.push(`<li><a href="${file}">${file}</a></li>`)
  }
}
writeFileSync(`${folder}/index.html`, `<!doctype html><title>Preview</title><ul>${links.join('')}`)
process.stdout.write(`${links.length} pages in ${folder}\n`)

function read(template: string): Handlebars.TemplateDelegate {
  return handlebars.compile(readFileSync(join(views, `${template}.hbs`), 'utf8'))
}
