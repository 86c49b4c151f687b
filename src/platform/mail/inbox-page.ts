import Handlebars from 'handlebars'
import type { CaughtMail } from './start-catcher.ts'

const LINK = /https?:\/\/[^\s<>"]+/g

/** A developer's tool, so plain and in English. The HTML part of a mail is shown in a sandbox. */
const style = `<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-inline-size: 46rem; margin: 2rem auto; padding-inline: 1rem }
ul { list-style: none; padding: 0 } li { border-block-start: 1px solid; padding-block: .75rem }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }
/* Each line from its own side, as mail programs show it. */
pre, h1, li { unicode-bidi: plaintext }
/* Without a background: a mail that follows the reader's colour scheme writes in white on dark. */
iframe { inline-size: 100%; block-size: 40rem; border: 1px solid }
small { opacity: .75 }
</style>`

const handlebars = Handlebars.create()

const inbox = handlebars.compile(`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Inbox</title>${style}</head><body>
<main data-newest="{{newest}}"><h1>Inbox</h1><p><small>Mail that Undersigned sent on this machine. None of it was delivered.
It is kept until the program stops. New mail appears by itself.</small></p>
<ul>{{#each mails}}<li><a href="/mail/{{id}}">{{subject}}</a><br><small>to {{to}}</small></li>
{{else}}<li>No mail yet.</li>{{/each}}</ul></main><script src="/inbox.js"></script></body></html>`)

const mailPage = handlebars.compile(`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{{subject}}</title>${style}</head><body>
<main><p><a href="/">Inbox</a></p><h1>{{subject}}</h1><p><small>from {{from}}<br>to {{to}}</small></p>
<pre id="text">{{{linked}}}</pre>
{{#if html}}<h2>As HTML</h2><iframe title="HTML part" sandbox="allow-popups allow-top-navigation-by-user-activation" srcdoc="{{html}}"></iframe>{{/if}}
</main></body></html>`)

export function renderInbox(mails: CaughtMail[]): string {
  return inbox({ mails, newest: newestOf(mails) })
}

/** Compared by the list's script; after a restart it is 0 again. */
export function newestOf(mails: CaughtMail[]): string {
  return String(mails[0]?.id ?? 0)
}

/** Reloads the list when new mail is there and the page is in view. */
export const inboxScript = `const shown = document.querySelector('main').dataset.newest
async function look() {
  if (document.hidden) return
  const newest = await fetch('/newest').then((answer) => answer.text()).catch(() => shown)
  if (newest !== shown) location.reload()
}
setInterval(look, 1000)
document.addEventListener('visibilitychange', look)
`

export function renderMailPage(mail: CaughtMail): string {
  const escaped = Handlebars.escapeExpression(mail.text)
  // Escaping writes "=" as an entity, which a link's text and target both read back.
  const linked = escaped.replace(LINK, (url) => `<a href="${url}" rel="noreferrer">${url}</a>`)
  // Links in the frame open in its tab: a frame of another origin can't show the site.
  const html = mail.html && `<base target="_top">${mail.html}`
  return mailPage({ ...mail, html, linked })
}
