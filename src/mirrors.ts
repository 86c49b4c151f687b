import type { IncomingMessage } from 'node:http'
import type { Config } from './config.ts'
import { hasImprint } from './pages/imprint.routes.ts'
import { readAssets } from './platform/web/assets.ts'
import { createPageMaker, type MakePage } from './platform/web/page.ts'
import type { Site } from './site.ts'

const isOnion = (origin: string) => new URL(origin).hostname.endsWith('.onion')

/** Pages whose links lead to `config.publicUrl`, be it PUBLIC_URL or a mirror's. */
export function makePages(config: Config, canonicalUrl = config.publicUrl): MakePage {
  return createPageMaker({
    publicUrl: config.publicUrl,
    canonicalUrl,
    onionUrl: isOnion(config.publicUrl) ? null : (config.mirrors.find(isOnion) ?? null),
    assets: readAssets().paths,
    hasImprint: hasImprint(config),
    hasAbout: config.pages.about.size > 0,
  })
}

/** The same rooms under another origin: pages, links and answers of its own, and one count, log and list of signers. */
export function mirrorSite(site: Site, mirror: string): Site {
  const config = { ...site.config, publicUrl: mirror, mirror }
  return {
    ...site,
    config,
    cards: { ...site.cards, ...site.cards.at(mirror) },
    answers: site.createAnswers(),
    makePage: makePages(config, site.config.publicUrl),
  }
}

/**
 * Chooses by what the reader's browser asked for; null for PUBLIC_URL, and for any name that is not set.
 *
 * @param mirrors by `toName`
 */
export function chooseMirror<M>(
  mirrors: ReadonlyMap<string, M>,
  request: IncomingMessage,
): M | null {
  const { host } = request.headers
  return (host !== undefined && mirrors.get(toName(host))) || null
}

/** A host as mirrors are told apart by it: some clients spell the dot at a name's end, or the usual port. */
export const toName = (host: string): string =>
  host.toLowerCase().replace(/\.?(?::(?:80|443))?$/, '')
