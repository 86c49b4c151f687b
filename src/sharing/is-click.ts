/** Every browser calls itself so, also those within apps; programs that fetch previews mostly don't. */
const BROWSER = /^(?:Mozilla|Opera)\//
/** Those that do: they name themselves, or a page about themselves. */
const PROGRAM = /bot|crawl|spider|preview|externalhit|headless|lighthouse|compatible;|\+https?:/i
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
  if (!BROWSER.test(agent) || PROGRAM.test(agent)) return false
  const ahead = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map(one).join(' ')
  if (AHEAD.test(ahead)) return false
  const mode = one('sec-fetch-mode')
  return mode === '' || mode === 'navigate'
}
