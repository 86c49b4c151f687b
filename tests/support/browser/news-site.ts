import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HERALD } from './launch-chromium.ts'

const NONCE = 'r4nd0m'
/** What docs/sharing.md has for partners, by its place there. */
const SNIPPETS = /^```html\n(.*?)^```$/gms

export interface NewsPage {
  /** What stands in the article. */
  content: string
  /** Of its <html>. */
  attributes?: string
  styles?: string
  /** In the place of the strict one. */
  policy?: string
}

/** A made-up newspaper at another site than ours, with a strict policy of its own. */
export async function startNewsSite(): Promise<{
  origin: string
  show(page: NewsPage): string
  close(): Promise<void>
}> {
  const pages: NewsPage[] = []
  const server = createServer((request, response) => {
    const page = pages[Number(request.url!.slice(1))]
    if (!page) return response.writeHead(404).end()
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        ...(page.policy && { 'content-security-policy': page.policy }),
      })
      .end(write(page))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://${HERALD}:${(server.address() as AddressInfo).port}`
  return {
    origin,
    show: (page) => `${origin}/${pages.push(page) - 1}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** As docs/sharing.md says, and nothing more. */
export const strictPolicy = (ours: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${NONCE}' ${ours}/embed.js`,
    `style-src 'nonce-${NONCE}'`,
    `frame-src ${ours}`,
    "require-trusted-types-for 'script'",
    "base-uri 'none'",
  ].join('; ')

/** The lines of docs/sharing.md as they are written, for this site. `at` counts from 0. */
export async function snippet(ours: string, at: number, code: string): Promise<string> {
  const text = await readFile('docs/sharing.md', 'utf8')
  const [, html] = [...text.matchAll(SNIPPETS)][at]!
  return html!.replaceAll('https://sign.example.org', ours).replaceAll('CODE', code)
}

const write = ({ content, attributes = 'lang="en"', styles = '' }: NewsPage) => `<!doctype html>
<html ${attributes}>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The Example Herald</title>
<style nonce="${NONCE}">
  body { margin: 0; }
  article { padding: 8px; }
  h1, p, a, input, button { font: 40px cursive !important; color: red !important; }
  ${styles}
</style>
<script nonce="${NONCE}">
  const told = []
  for (const name of ['ready', 'resized', 'signed']) {
    document.addEventListener('undersigned:' + name, ({ detail, target }) => {
      told.push({ name, detail, from: target.localName })
    })
  }
</script>
<body>
<article>
<h1>News</h1>
${content}
<p>The end of the article.</p>
</article>
`
