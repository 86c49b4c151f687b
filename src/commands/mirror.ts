import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import Handlebars from 'handlebars'
import { buildApp } from '../app.ts'
import { formatMoment } from '../platform/i18n/format.ts'
import { languages, translator } from '../platform/i18n/translate.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import type { Site } from '../site.ts'
import { type CopyNeeds, copyPages } from './copy-pages.ts'
import { CommandError, type Open } from './open-site.ts'

const HELP = `
The copy holds the pages that are read, with pictures and styles, as files that any web server can give out, or a stick.
It can't be signed: each page says when it was made, and links the site and its MIRRORS. Make it anew when texts have
changed; signers' names in it are those that were public at that time.

Example:
  undersigned mirror export --out copy`

const TOLD_EVERY = 50
const escapeHtml = Handlebars.Utils.escapeExpression

export function addMirrorCommands(program: Command, open: Open): void {
  program
    .command('mirror')
    .description('the site under other names')
    .command('export')
    .description('a static copy of the pages that are read')
    .requiredOption('--out <folder>', 'a folder that is empty, or not there yet')
    .addHelpText('after', HELP)
    .action(({ out }: { out: string }) =>
      open(async (site) => {
        const folder = resolve(out)
        await refuseFilled(folder, out)
        const files = await writeCopy(site, folder)
        console.log(
          `${out} has ${howMany(files, 'file')}: begin with ${join(out, languages[0]!, 'index.html')}`,
        )
      }),
    )
}

/** @throws CommandError */
async function refuseFilled(folder: string, named: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new CommandError(`${named} can't be written (${error.code}): give another folder`)
  })
  if (there.length > 0)
    throw new CommandError(`${named} is not empty: name a folder that is not there yet`)
}

async function writeCopy(site: Site, folder: string): Promise<number> {
  const app = await buildApp(site)
  const needs: CopyNeeds = {
    ...words(site),
    origin: site.config.publicUrl,
    async fetch(path) {
      const answer = await app.inject({ url: path, headers: { 'accept-encoding': 'identity' } })
      if (answer.statusCode !== 200) return null
      return { type: String(answer.headers['content-type']), body: answer.rawPayload }
    },
  }
  let files = 0
  try {
    for await (const { name, body } of copyPages(
      needs,
      languages.map((each) => `/${each}/`),
    )) {
      const path = join(folder, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, body)
      files++
      if (files % TOLD_EVERY === 0) console.error(`${howMany(files, 'file')} …`)
    }
  } finally {
    await app.close()
  }
  return files
}

function words({ config, clock }: Site): Pick<CopyNeeds, 'notice' | 'elsewhere'> {
  const made = clock.now()
  const origins = [config.publicUrl, ...config.mirrors]
  const list = origins.map((origin) => `<a href="${escapeHtml(origin)}/">${escapeHtml(origin)}</a>`)
  return {
    notice(language) {
      const date = formatMoment(made, language, 'Z')
      return `<p class="notice">${escapeHtml(translator(language)('site.copy', { date }))} ${list.join(', ')}</p>`
    },
    elsewhere: (language, href) =>
      `<p class="onward"><a href="${escapeHtml(href)}">${escapeHtml(translator(language)('site.atSite'))}</a></p>`,
  }
}
