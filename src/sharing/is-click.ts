/** Every browser calls itself so, also those within apps; programs that fetch previews mostly don't. */
const BROWSER = /^(?:Mozilla|Opera|UCWEB)\//
/**
 * Those that do: they name themselves, or a page about themselves. "compatible;" was Internet Explorer's, too, up to 10:
 * today programs alone call themselves so.
 */
const PROGRAM = /bot|crawl|spider|preview|externalhit|headless|lighthouse|compatible;|\+https?:/i
/** An Android device up to its model, which may be a CUBOT, an XBot or a Spider. Robots name themselves behind it. */
const DEVICE = /\(Linux; (?:U; )?Android[^;()]*;(?: \w\w[-_]\w\w;)?[^;()]*/
/** Browsers that load a page before somebody presses anything. */
const AHEAD = /prefetch|prerender|preview/i

interface Asked {
  method: string
  headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Whether somebody opened a link, as far as a request tells: no preview, no robot, nothing fetched ahead. */
export function isClick({ method, headers }: Asked): boolean {
  if (method !== 'GET') return false
  const one = (name: string) => [headers[name] ?? ''].flat().join(' ')
  const agent = one('user-agent')
  if (!BROWSER.test(agent) || PROGRAM.test(agent.replace(DEVICE, ''))) return false
  const ahead = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map(one).join(' ')
  if (AHEAD.test(ahead)) return false
  const mode = one('sec-fetch-mode')
  return mode === '' || mode === 'navigate'
}
