import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

/** What turns a text into a program, a command, mark-up, or something that anybody can guess. */
interface Danger {
  what: string
  pattern: RegExp
  /** The files that may all the same, each with its reason. */
  allowed: Record<string, string>
}

const DANGERS: Danger[] = [
  {
    what: 'runs a text as a program',
    pattern:
      /\beval\(|new Function\(|\bFunction\(|from 'node:vm'|set(?:Timeout|Interval)\(\s*['"`]/,
    allowed: {},
  },
  {
    what: 'compiles a template',
    pattern: /\.compile\(/,
    allowed: {
      'platform/mail/inbox-page.ts': 'two templates of its own',
      'platform/mail/render-mail.ts': 'the files of views/mail/',
      'commands/write-copy.ts': 'of its own, in views/',
      'offline/unsealing-page/build-page.ts': 'page.hbs beside it',
    },
  },
  {
    what: 'leaves a command to a shell',
    pattern:
      /\bshell:|\bexec(?:Sync)?\(['"`]|import \{[^}]*\bexec(?:Sync)?\b[^}]*\} from 'node:child_process'/,
    allowed: {},
  },
  {
    what: 'puts a text into a page as mark-up',
    pattern:
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser/,
    allowed: {},
  },
  {
    what: 'draws a number that can be guessed',
    pattern: /Math\.random/,
    allowed: {
      'platform/mail/lanes.ts': 'spreads pauses between mails',
      'browser/client/follow-count.ts': 'spreads questions for the count',
    },
  },
  {
    what: 'takes 122 random bits for a secret, or an algorithm that is broken',
    pattern: /randomUUID|['"`](?:md5|sha1|sha-1|rc4|des|[\w-]*-ecb|[\w-]*-cbc)['"`]/i,
    allowed: {
      'app.ts': 'ids of requests, which are no secrets',
      'platform/files/write-whole.ts': 'names of files that nobody else has',
      'platform/web/web-processes.ts': 'ids of messages between processes of one site',
      'signature/moderation/entry-mark.ts': 'one block of AES, which no mode would join to another',
      'signature/shown/place-mark.ts': 'likewise',
    },
  },
  {
    what: 'keeps something in the reader’s browser',
    pattern: /localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open|serviceWorker/,
    allowed: {},
  },
  {
    what: 'puts SQL together from texts',
    pattern: /sql\.raw\(/,
    allowed: {
      'platform/database/grant-rights.ts':
        'names of roles and tables, which GRANT takes no parameters for: quoted',
      'platform/database/takes-writes.ts': 'one constant statement',
    },
  },
  {
    what: 'accepts any certificate',
    pattern: /rejectUnauthorized: false|NODE_TLS_REJECT_UNAUTHORIZED/,
    allowed: {
      'commands/doctor/check-certificate.ts': 'it looks at the certificate, and sends nothing',
      'commands/doctor/check-proxy.ts': 'the answer carries a proof of its own',
      'commands/doctor/check-readiness.ts': 'sends no secret without a trusted certificate',
    },
  },
]

/** Their values are written by the program or sanitised; all others are escaped. */
const UNESCAPED: Record<string, string> = {
  'layout.hbs {{{body}}}': 'the page itself, rendered by its own template',
  'embed/layout.hbs {{{body}}}': 'likewise',
  'layout.hbs {{{structured}}}': 'JSON without "<", written in platform/web/page.ts',
  'copy.hbs {{{notice}}}': 'a paragraph, escaped in commands/write-copy.ts',
  'busy.hbs {{{form.fields}}}': 'hidden fields, escaped in platform/web/busy-answers.ts',
  'partials/petition-facts.hbs {{{html}}}':
    'Markdown, sanitised in pages/petition/render-markdown.ts',
  'petition/petition.hbs {{{bodyHtml}}}': 'likewise',
  'petition/about.hbs {{{text.html}}}': 'likewise',
  'petition/home.hbs {{{lead}}}': 'likewise',
  'petition/imprint.hbs {{{html}}}': 'likewise',
  'updates/update.hbs {{{bodyHtml}}}': 'likewise',
  'mail/update/html.hbs {{{bodyHtml}}}': 'likewise',
  'petition/document.hbs {{{html}}}': 'likewise',
}

const filesOf = (root: string, end: string) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(end))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

describe('no source file', () => {
  const sources = filesOf('src', '.ts')

  for (const { what, pattern, allowed } of DANGERS) {
    it(`${what}, but those that have a reason`, () => {
      assert.ok(sources.length > 300)
      const found = sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file)
      assert.deepEqual(found.sort(), Object.keys(allowed).sort())
    })
  }

  it('makes a regular expression of what comes from outside: they are all constants', () => {
    const made = sources.flatMap(({ file, text }) =>
      [...text.matchAll(/^(.*)new RegExp\(/gm)].map(([, before]) => `${file}: ${before}`),
    )
    assert.ok(made.length > 5)
    assert.deepEqual(
      made.filter((line) => !/: (?:export )?const [A-Z_]+ = $/.test(line)),
      [],
    )
  })
})

describe('no template', () => {
  it('shows a value unescaped, but those that have a reason', () => {
    const found = filesOf('views', '.hbs').flatMap(({ file, text }) =>
      [...text.matchAll(/\{\{\{[^}]*\}\}\}|\{\{&[^}]*\}\}/g)].map(([value]) => `${file} ${value}`),
    )
    assert.deepEqual(found.sort(), Object.keys(UNESCAPED).sort())
  })
})
