import type { FastifyInstance, FastifyReply } from 'fastify'
import { currentText } from '../petition/petition.ts'
import { translator } from '../platform/i18n/translate.ts'
import { answers, readToken } from '../platform/link-token.ts'
import { HttpError } from '../platform/web/http-error.ts'
import { sendPage } from '../platform/web/send-page.ts'
import type { Site } from '../site.ts'
import { findSubscriber, type Subscriber } from '../subscriber/subscriber.queries.ts'
import { unsubscribe } from '../subscriber/unsubscribe.ts'
import { petitionPagePart } from './petition-page-part.ts'
import type { UnsubscribePage } from './unsubscribe.page.ts'

type TokenParams = { Params: { lang: string; token: string } }

/** The one-click body of RFC 8058 is 26 bytes; as multipart some 200. */
const BODY_LIMIT_BYTES = 4096

/** In a scope of its own: whatever is posted here, the address alone says what is meant. */
export async function unsubscribeRoutes(app: FastifyInstance, site: Site): Promise<void> {
  const { db, keyring, petitions } = site
  // RFC 8058, section 3.2: the button of a mail program posts multipart/form-data or a urlencoded form.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
    async () => undefined,
  )

  // Mail scanners and link previews follow this as often as they like: nothing changes.
  app.get<TokenParams>('/:lang/unsubscribe/:token', async (request, reply) => {
    const { lang, token } = request.params
    return sendUnsubscribe(reply, lang, token, await findListed(token))
  })

  // No other site can harm here: who knows the address may do this from anywhere. A mail program on the
  // web may well be another site.
  app.post<TokenParams>(
    '/:lang/unsubscribe/:token',
    { config: { fromAnySite: true } },
    async (request, reply) => {
      const { lang, token } = request.params
      const subscriber = await findListed(token)
      if (subscriber) await unsubscribe(db, subscriber.id)
      // RFC 8058, section 3.1, forbids a redirect.
      return sendUnsubscribe(reply, lang, token, null)
    },
  )

  /** Null when nobody on the list answers the link any more. @throws HttpError 404 */
  async function findListed(token: string): Promise<Subscriber | null> {
    const link = readToken(keyring, 'unsubscribe', token)
    if (!link) throw new HttpError(404, 'this link is of no use')
    const subscriber = await findSubscriber(db, link.id)
    return subscriber && answers({ address: subscriber.tag }, link) ? subscriber : null
  }

  async function sendUnsubscribe(
    reply: FastifyReply,
    lang: string,
    token: string,
    subscriber: Subscriber | null,
  ) {
    const petition = subscriber && (await petitions.findById(subscriber.petition_id))
    const path = (other: string) => `/${other}/unsubscribe/${token}`
    if (!petition) {
      const title = translator(lang)('unsubscribe.doneHeading')
      const page: UnsubscribePage = {
        ...site.makePage({ language: lang, title, path }),
        petition: null,
        action: path(lang),
      }
      return sendPage(reply, 'subscriber/unsubscribe.hbs', page)
    }
    const { language } = currentText(petition, lang)
    const page: UnsubscribePage = {
      ...petitionPagePart(site.makePage, petition, {
        language,
        heading: 'unsubscribe.heading',
        path,
      }),
      action: path(language),
    }
    return sendPage(reply, 'subscriber/unsubscribe.hbs', page)
  }
}
