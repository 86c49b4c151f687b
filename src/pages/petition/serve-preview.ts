import type { AddressInfo } from 'node:net'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { noCount } from '../../count/read-counts.ts'
import type { CountTable } from '../../count/write-counts.ts'
import { type PetitionFiles, readPetitionFolder } from '../../petition/files/petition-files.ts'
import { hashContent } from '../../petition/files/petition-text.ts'
import { petitionPath } from '../../petition/paths.ts'
import { type Petition, toPetition } from '../../petition/petition.ts'
import { systemClock } from '../../platform/clock.ts'
import { ExpectedError } from '../../platform/expected-error.ts'
import { readAssets } from '../../platform/web/assets.ts'
import { addTemplates } from '../../platform/web/handlebars.ts'
import { createPageMaker } from '../../platform/web/page.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { isOwnHost, MISDIRECTED, MISDIRECTED_TEXT } from '../../platform/web/refuse-requests.ts'
import { addSecurityHeaders, securityHeaders } from '../../platform/web/security-headers.ts'
import { readDays } from '../../publishing/terms.ts'
import { pictureRoutes } from '../pictures.routes.ts'
import { createPreviewPictures } from './preview-pictures.ts'
import { viewPetition } from './view-petition.ts'

/** No other computer reaches it. */
const HOST = '127.0.0.1'

const NOTHING: CountTable = {
  slug: '',
  by: 'day',
  rows: [],
  counted: 0,
  generatedAt: new Date(0),
}
const NOBODY = { signers: [], comments: [], more: { signers: false, comments: false } }

class PreviewError extends ExpectedError {}

/**
 * Serves the page of a folder, without a database: nobody has signed, and nobody can. The files are read
 * with every request.
 *
 * @throws PreviewError when the port is taken
 */
export const servePreview = (folder: string, port: number) =>
  serveLocally(port, (app) => previewRoutes(app, folder))

/** Pages that are made of files; a fault in those is shown in their place. */
export async function serveLocally(
  port: number,
  addRoutes: (app: FastifyInstance) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const app = Fastify({ forceCloseConnections: true })
  addSecurityHeaders(app, securityHeaders({ https: false }))
  app.addHook('onRequest', async (request, reply) => {
    if (isOwnHost(request.headers.host)) return
    return reply.status(MISDIRECTED).type('text/plain; charset=utf-8').send(MISDIRECTED_TEXT)
  })
  await addTemplates(app)
  await app.register(fastifyStatic, { root: readAssets().folder, prefix: '/assets/', index: false })
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof ExpectedError)) throw error
    return reply.status(422).type('text/plain; charset=utf-8').send(`${error.message}\n`)
  })
  addRoutes(app)
  try {
    await app.listen({ host: HOST, port })
  } catch (error) {
    await app.close()
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    throw new PreviewError(`port ${port} is taken or not allowed: give another with --port`)
  }
  const url = `http://${HOST}:${(app.server.address() as AddressInfo).port}`
  return { url, close: () => app.close() }
}

function previewRoutes(app: FastifyInstance, folder: string): void {
  const makePage = createPageMaker({
    publicUrl: '',
    assets: readAssets().paths,
    hasImprint: false,
    hasAbout: false,
  })
  const pictures = createPreviewPictures()
  pictureRoutes(app, { pictures })
  const needs = {
    pictures,
    cards: { version: async () => '' },
    config: { publicUrl: '' },
    clock: systemClock,
    counts: { shown: async () => noCount(), publicTable: async () => NOTHING },
    signatures: { listPublic: async () => NOBODY, moderation: { markOf: () => '' } },
    updates: { of: async () => [] },
    publicLog: { published: async () => null },
    targets: { of: async () => [] },
    papers: { total: async () => 0 },
    imports: { total: async () => 0 },
    makePage: (options: Parameters<typeof makePage>[0]) => ({
      ...makePage(options),
      preview: true,
    }),
  }

  app.get<{ Params: { lang: string; slug: string } }>('/:lang/p/:slug', async (request, reply) => {
    const petition = await read()
    const { lang: language, slug } = request.params
    if (slug !== petition.slug || !petition.settings.languages.includes(language))
      return lead(reply)
    const attribution = { ref: '', source: '' }
    const page = await viewPetition(needs, petition, { language, attribution })
    const html = await reply.viewAsync('petition/petition.hbs', page!)
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html)
  })

  // Forms are sent nowhere, and the other pages have nothing to show yet.
  app.setNotFoundHandler((_request, reply) => lead(reply))

  async function lead(reply: FastifyReply) {
    const { slug, settings } = await read()
    return redirectWithin(reply, petitionPath(slug)(settings.languages[0]!), 303)
  }

  const read = async () => {
    const files = await readPetitionFolder(folder, { draft: true })
    await pictures.encode(files.pictures)
    return toPreview(files)
  }
}

/** As if just published for the first time, with its recipients proved. */
function toPreview({ slug, settings, contents, ...days }: PetitionFiles): Petition {
  const now = systemClock.now()
  const { opens, closes } = readDays({ slug, settings, contents, ...days }, now)
  const row = {
    id: 0,
    slug,
    settings,
    opens_at: opens.at,
    opens_zone: opens.zone,
    closes_at: closes?.at ?? null,
    closes_zone: closes?.zone ?? null,
    closed_at: null,
    tag_key: Buffer.alloc(1),
    created_at: now,
    updated_at: now,
    published_at: now,
    publish_at: null,
    preview_id: null,
    preview_until: null,
    pause: null,
    hidden_at: null,
    delivery: null,
  }
  const texts = Object.entries(contents).map(([language, content]) => ({
    petition_id: row.id,
    language,
    version: 1,
    hash: hashContent(content),
    content,
    published_at: now,
  }))
  return toPetition(row, texts, true)
}
