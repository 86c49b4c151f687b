import type { Browser } from 'playwright-core'
import { languages } from '../../src/platform/i18n/translate.ts'
import type { Site } from '../faults/site/open-site.ts'
import { untilHolds } from '../scale/wait.ts'
import { openOnPhone } from '../support/browser/open-on-phone.ts'
import { petitionPath } from '../support/browser/person.ts'
import { copyDemoWithPicture } from '../support/demo.ts'
import { runProgram } from '../support/program.ts'

const GOAL_MS = 2000
const SHOWN_WITHIN_MS = 30_000

/**
 * Prints, for each language, the largest contentful paint of the demonstration with a picture on a phone with slow 4G,
 * beside that of its HTML alone, without styles, fonts, picture and script. Rounds in turn.
 */
export async function tellPaints(browser: Browser, site: Site, runs: number): Promise<void> {
  await publishWithPicture(site)
  console.log('| language | page | its HTML alone | page/HTML | goal |')
  console.log('|---|---|---|---|---|')
  for (const language of languages) {
    const url = `${site.origin}${petitionPath(language)}`
    // A site that has had readers, with the new text in memory.
    await untilHolds(SHOWN_WITHIN_MS, async () =>
      (await (await fetch(url)).text()).includes('/pictures/'),
    )
    const page: number[] = []
    const html: number[] = []
    for (let run = 0; run < runs; run++) {
      page.push((await openOnPhone(browser, url, { locale: language })).lcp)
      html.push((await openOnPhone(browser, url, { locale: language, onlyHtml: true })).lcp)
    }
    const ratio = median(page) / median(html)
    const cells = [tell(page), tell(html), ratio.toFixed(2), `${GOAL_MS / 1000} s`]
    console.log(`| ${[language, ...cells].join(' | ')} |`)
  }
}

async function publishWithPicture({ database, nodes, secretKey }: Site): Promise<void> {
  const { path } = await copyDemoWithPicture()
  const environment = {
    DATABASE_URL: database.url,
    SECRET_KEY: secretKey.toString('base64'),
    DATA_DIR: nodes[0]!.dataDir,
  }
  const { code, errors } = await runProgram(['petition', 'publish', path, '--yes'], environment)
    .ended
  if (code !== 0) throw new Error(errors)
}

const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!

/** Half of the runs were faster than the first, all than the second. */
const tell = (times: number[]) =>
  `${[median(times), Math.max(...times)].map((ms) => (ms / 1000).toFixed(2)).join(', ')} s`
