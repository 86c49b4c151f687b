import type { FastifyInstance, FastifyReply } from 'fastify'
import { petitionPath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { readToken } from '../../platform/link-token.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { PRIVATE_CACHE, sendPage } from '../../platform/web/send-page.ts'
import { type ViewPetitionNeeds, viewPetition } from './view-petition.ts'

type TokenParams = { Params: { lang: string; token: string } }

interface Needs extends ViewPetitionNeeds {
  keyring: Keyring
  petitions: Pick<Petitions, 'all'>
}

/** A draft as it will be, for those who were given its secret address; nobody can sign there. */
export function previewRoutes(app: FastifyInstance, needs: Needs): void {
  app.get<TokenParams>('/:lang/preview/:token', async (request, reply) => {
    const { lang, token } = request.params
    const petition = await find(token)
    const [first] = petition.settings.languages
    if (!petition.texts.has(lang)) return lead(reply, `/${first}/preview/${token}`)
    if (petition.publishedAt) return lead(reply, petitionPath(petition.slug)(lang))
    const path = (language: string) => `/${language}/preview/${token}`
    const asPublished = { ...petition, publishedAt: petition.publishAt ?? needs.clock.now() }
    const attribution = { ref: '', source: '' }
    const page = await viewPetition(needs, asPublished, { language: lang, attribution, path })
    reply.header('x-robots-tag', 'noindex, nofollow')
    return sendPage(reply, 'petition/petition.hbs', { ...page!, preview: true })
  })

  // What is typed there goes nowhere.
  app.post<TokenParams>('/:lang/preview/:token', async (request, reply) => {
    const { lang, token } = request.params
    await find(token)
    return lead(reply, `/${lang}/preview/${token}`)
  })

  const lead = (reply: FastifyReply, path: string) =>
    redirectWithin(reply.header('cache-control', PRIVATE_CACHE), path, 303)

  /** @throws HttpError 404 for an address that was never given out, 410 for one that expired or was withdrawn */
  async function find(token: string): Promise<Petition> {
    const link = readToken(needs.keyring, 'preview', token)
    if (!link) throw new HttpError(404, 'there is no such preview')
    const all = await needs.petitions.all()
    const petition = all.find(({ preview }) => preview?.id === link.id)
    if (petition && petition.preview!.until > needs.clock.now()) return petition
    throw new HttpError(410, 'this preview has expired, or was withdrawn', { words: 'preview' })
  }
}
