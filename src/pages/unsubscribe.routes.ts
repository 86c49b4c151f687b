import type { FastifyInstance, FastifyReply } from 'fastify'
import { currentText } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { translator } from '../platform/i18n/translate.ts'
import type { Keyring } from '../platform/keyring.ts'
import { answers, readToken } from '../platform/link-token.ts'
import { HttpError } from '../platform/web/http-error.ts'
import { ignoreBody } from '../platform/web/ignore-body.ts'
import type { MakePage, Page } from '../platform/web/page.ts'
import { sendPage } from '../platform/web/send-page.ts'
import type { Subscriber, Subscribers } from '../subscriber/subscribers.ts'
import { petitionPagePart } from './petition-page-part.ts'

type TokenParams = { Params: { lang: string; token: string } }

/** GET /:lang/unsubscribe/:token : one button; changes nothing by itself. */
interface UnsubscribePage extends Page {
  /** Null once the address is erased: no row says any more of which petition it was. */
  petition: { title: string; slogan: string; href: string } | null
  action: string
}

interface Needs {
  keyring: Keyring
  makePage: MakePage
  petitions: Petitions
  subscribers: Subscribers
}

/** In a scope of its own, whose bodies are ignored. */
export async function unsubscribeRoutes(
  app: FastifyInstance,
  { keyring, makePage, petitions, subscribers }: Needs,
): Promise<void> {
  ignoreBody(app)

  // Mail scanners and link previews follow this as often as they like: nothing changes.
  app.get<TokenParams>('/:lang/unsubscribe/:token', async (request, reply) => {
    const { lang, token } = request.params
    return sendUnsubscribe(reply, lang, token, await findListed(token))
  })

  // No other site can harm here: the link alone is the permission, and a mail program on the web is another site.
  app.post<TokenParams>(
    '/:lang/unsubscribe/:token',
    { config: { fromAnySite: true } },
    async (request, reply) => {
      const { lang, token } = request.params
      const subscriber = await findListed(token)
      if (subscriber) await subscribers.unsubscribe(subscriber.id)
      // RFC 8058, section 3.1, forbids a redirect.
      return sendUnsubscribe(reply, lang, token, null)
    },
  )

  /** Null when the link's subscriber is off the list. @throws HttpError 404 */
  async function findListed(token: string): Promise<Subscriber | null> {
    const link = readToken(keyring, 'unsubscribe', token)
    if (!link) throw new HttpError(404, 'this link is of no use')
    const subscriber = await subscribers.find(link.id)
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
        ...makePage({ language: lang, title, path }),
        petition: null,
        action: path(lang),
      }
      return sendPage(reply, 'unsubscribe.hbs', page)
    }
    const { language } = currentText(petition, lang)
    const page: UnsubscribePage = {
      ...petitionPagePart(makePage, petition, {
        language,
        heading: 'unsubscribe.heading',
        path,
      }),
      action: path(language),
    }
    return sendPage(reply, 'unsubscribe.hbs', page)
  }
}
