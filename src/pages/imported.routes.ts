import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Imports } from '../imported/imports.ts'
import { translator } from '../platform/i18n/translate.ts'
import type { Keyring } from '../platform/keyring.ts'
import { type LinkToken, readToken } from '../platform/link-token.ts'
import { HttpError } from '../platform/web/http-error.ts'
import { ignoreBody } from '../platform/web/ignore-body.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { sendPage } from '../platform/web/send-page.ts'

type TokenParams = { Params: { lang: string; token: string } }

/**
 * GET /:lang/imported/:token : one button; changes nothing by itself. It is the same for all who have not used it, whether
 * they are held, have signed here or have withdrawn: else whoever searches a mailbox would read that in it.
 */
interface ImportedPage extends Page {
  done: boolean
  action: string
}

interface Needs {
  keyring: Keyring
  makePage: MakePage
  imports: Pick<Imports, 'hasRefused' | 'refuse'>
}

/** In a scope of its own, whose bodies are ignored. */
export async function importedRoutes(
  app: FastifyInstance,
  { keyring, makePage, imports }: Needs,
): Promise<void> {
  ignoreBody(app)

  // Mail scanners and link previews follow this as often as they like: nothing changes.
  app.get<TokenParams>('/:lang/imported/:token', async (request, reply) => {
    const { lang, token } = request.params
    return sendImported(reply, lang, token, await imports.hasRefused(linkOf(token)))
  })

  // No other site can harm here: the link alone is the permission, and a mail program on the web is another site.
  app.post<TokenParams>(
    '/:lang/imported/:token',
    { config: { fromAnySite: true } },
    async (request, reply) => {
      const { lang, token } = request.params
      // Also where nothing is held any more: nobody brings them in again.
      await imports.refuse(linkOf(token))
      // RFC 8058, section 3.1, forbids a redirect.
      return sendImported(reply, lang, token, true)
    },
  )

  /** @throws HttpError 404 */
  function linkOf(token: string): LinkToken {
    const link = readToken(keyring, 'imported', token)
    if (link) return link
    throw new HttpError(404, 'this link is of no use')
  }

  function sendImported(reply: FastifyReply, lang: string, token: string, done: boolean) {
    const path = (other: string) => `/${other}/imported/${token}`
    const title = translator(lang)(done ? 'imported.doneHeading' : 'imported.heading')
    const page: ImportedPage = {
      ...makePage({ language: lang, title, path }),
      done,
      action: path(lang),
    }
    return sendPage(reply, 'imported.hbs', page)
  }
}
