import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import formbody from '@fastify/formbody'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance, type FastifyServerFactory } from 'fastify'
import { apiRoutes } from './api/api.routes.ts'
import { measureSite } from './api/measure-site.ts'
import { chooseMirror, mirrorSite, toName } from './mirrors.ts'
import { aboutRoutes } from './pages/about.routes.ts'
import { answersRoutes } from './pages/answers/answers.routes.ts'
import { letterRoutes } from './pages/answers/letter.routes.ts'
import { confirmationRoutes } from './pages/confirmation/confirmation.routes.ts'
import { receiptRoutes } from './pages/confirmation/receipt.routes.ts'
import { embedRoutes } from './pages/embed/embed.routes.ts'
import { embedFilesRoutes } from './pages/embed/embed-files.routes.ts'
import { oembedRoutes } from './pages/embed/oembed.routes.ts'
import { redirectDropped } from './pages/get-petition.ts'
import { importedRoutes } from './pages/imported.routes.ts'
import { imprintRoutes } from './pages/imprint.routes.ts'
import { ownLinkRoutes } from './pages/own-link.routes.ts'
import { partnersRoutes } from './pages/partners.routes.ts'
import { peopleRoutes } from './pages/people/people.routes.ts'
import { petitionRoutes } from './pages/petition/petition.routes.ts'
import { previewRoutes } from './pages/petition/preview.routes.ts'
import { pictureRoutes } from './pages/pictures.routes.ts'
import { privacyRoutes } from './pages/privacy.routes.ts'
import { refuseWhileClosed } from './pages/refuse-while-closed.ts'
import { reportRoutes } from './pages/report/report.routes.ts'
import { shareFilesRoutes } from './pages/share-files.routes.ts'
import { shortLinkRoutes } from './pages/short-links.routes.ts'
import { signingRoutes } from './pages/signing/signing.routes.ts'
import { sitemapRoute } from './pages/sitemap.routes.ts'
import { thanksRoutes } from './pages/thanks.routes.ts'
import { unsubscribeRoutes } from './pages/unsubscribe.routes.ts'
import { updatesRoutes } from './pages/updates/updates.routes.ts'
import { logRoutes } from './pages/verify/log.routes.ts'
import { verifyRoutes } from './pages/verify/verify.routes.ts'
import { askWithdrawalRoutes } from './pages/withdrawal/ask-withdrawal.routes.ts'
import { withdrawalRoutes } from './pages/withdrawal/withdrawal.routes.ts'
import { languages, negotiate, translator } from './platform/i18n/translate.ts'
import { readAssets } from './platform/web/assets.ts'
import { createBusyAnswers } from './platform/web/busy-answers.ts'
import { createClientAddress } from './platform/web/client-address.ts'
import { compressAnswers } from './platform/web/compress-answers.ts'
import { answerClientErrors, type Desk, serverWith } from './platform/web/create-server.ts'
import { addTemplates } from './platform/web/handlebars.ts'
import { healthRoutes } from './platform/web/health.routes.ts'
import {
  createFrameworkAnswer,
  handleErrors,
  type RenderErrorPage,
  tooManyRoutes,
} from './platform/web/http-error.ts'
import { metricsRoutes } from './platform/web/metrics.routes.ts'
import { parseQuery } from './platform/web/read-query.ts'
import { redirectToMeant } from './platform/web/redirect-to-meant.ts'
import { refuseCrossSite, refuseUnknownLanguages } from './platform/web/refuse-requests.ts'
import { createRequestLog, withoutChildren } from './platform/web/request-log.ts'
import { robotsRoutes } from './platform/web/robots.routes.ts'
import {
  addSecurityHeaders,
  type Headers,
  securityHeaders,
} from './platform/web/security-headers.ts'
import { seenRoutes } from './platform/web/seen.routes.ts'
import type { Site } from './site.ts'

/** The longest form, in a script of four bytes a letter and percent-encoded, is under 12 kB. */
const BODY_LIMIT_BYTES = 16 * 1024
const ASSET_MAX_AGE = '365d'
const SVG = 'image/svg+xml; charset=utf-8'

/** The web, under PUBLIC_URL and under each mirror's name. */
export async function buildApp(site: Site): Promise<FastifyInstance> {
  const mirrors = new Map<string, Desk>()
  const chooseDesk = (request: IncomingMessage) => chooseMirror(mirrors, request)
  const app = await buildOrigin(site, (desk, headers) =>
    serverWith({ ...site, ...desk, chooseDesk }, headers),
  )
  for (const origin of site.config.mirrors) {
    const { desk, close } = await buildMirror(mirrorSite(site, origin))
    mirrors.set(toName(new URL(origin).host), desk)
    app.addHook('onClose', close)
  }
  return app
}

/** What answers in place of PUBLIC_URL's pages, on the same port. */
async function buildMirror(site: Site): Promise<{ desk: Desk; close: () => Promise<void> }> {
  let desk: Desk | undefined
  const app = await buildOrigin(site, (front) => (handle) => {
    desk = { ...front, handle }
    // Fastify wants a server of its own. This one never listens.
    return createServer()
  })
  await app.ready()
  return { desk: desk!, close: () => app.close() }
}

type MakeFactory = (desk: Omit<Desk, 'handle'>, headers: Headers) => FastifyServerFactory

/** Hooks, then pages and API. */
async function buildOrigin(site: Site, makeFactory: MakeFactory): Promise<FastifyInstance> {
  const { config } = site
  const renderErrorPage = createErrorPage(site, () => app)
  const requestLog = createRequestLog()
  const headers = securityHeaders({ https: config.publicUrl.startsWith('https:') })
  const busy = createBusyAnswers(headers)
  const clientAddress = createClientAddress(config)
  const app: FastifyInstance = Fastify({
    loggerInstance: site.logger,
    trustProxy: config.trustProxy,
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: () => randomUUID(),
    serverFactory: makeFactory({ ready: site.answers.ready, busy }, headers),
    clientErrorHandler: answerClientErrors(headers),
    logController: requestLog,
    childLoggerFactory: withoutChildren,
    frameworkErrors: createFrameworkAnswer(renderErrorPage, headers) as never,
    routerOptions: { maxParamLength: 200, querystringParser: parseQuery },
    // A request that came before its connection was closed is answered like any other.
    return503OnClosing: false,
  })
  app.addHook('onReady', () =>
    busy.prepare((language, form) => {
      const title = translator(language)('problem.503.heading')
      const page = site.makePage({ language, title, path: (other) => `/${other}/` })
      return app.view('busy.hbs', { ...page, form })
    }),
  )
  app.addHook('onClose', async () => requestLog.close())
  if (!config.mirror) {
    const settling = site.intakeGuard.keepSettling(site.logger)
    app.addHook('onClose', () => settling.stop())
  }
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  addSecurityHeaders(app, headers)
  refuseUnknownLanguages(app)
  refuseCrossSite(app, { origin: config.publicUrl })
  handleErrors(app, renderErrorPage)
  refuseWhileClosed(app, site.restoring.whyClosed)
  redirectDropped(app, site.petitions)
  redirectToMeant(app)
  compressAnswers(app)

  await app.register(formbody, { bodyLimit: BODY_LIMIT_BYTES })
  await addTemplates(app)
  await app.register(serveAssets)

  tooManyRoutes(app, renderErrorPage)
  robotsRoutes(app, config)
  sitemapRoute(app, site)
  const { db, mailer, waitingMails, restoring, draining } = site
  healthRoutes(app, config, { db, mailer, waitingMails, draining, whyClosed: restoring.whyClosed })
  seenRoutes(app, site.keyring.examination, { ...config, clientAddress })
  if (!config.mirror) metricsRoutes(app, config, measureSite(site))
  petitionRoutes(app, site)
  previewRoutes(app, site)
  peopleRoutes(app, site)
  pictureRoutes(app, site)
  shareFilesRoutes(app, site)
  answersRoutes(app, site)
  letterRoutes(app, { ...site, clientAddress })
  updatesRoutes(app, site)
  privacyRoutes(app, site)
  aboutRoutes(app, site)
  imprintRoutes(app, site)
  reportRoutes(app, { ...site, clientAddress })
  signingRoutes(app, { ...site, clientAddress })
  embedRoutes(app, { ...site, clientAddress })
  embedFilesRoutes(app)
  oembedRoutes(app, site)
  confirmationRoutes(app, site)
  verifyRoutes(app, site)
  receiptRoutes(app, site)
  askWithdrawalRoutes(app, site)
  withdrawalRoutes(app, site)
  await app.register((scope) => unsubscribeRoutes(scope, site))
  await app.register((scope) => importedRoutes(scope, site))
  await app.register((scope) => logRoutes(scope, site), { prefix: '/log' })
  thanksRoutes(app, site)
  shortLinkRoutes(app, site)
  ownLinkRoutes(app, site)
  partnersRoutes(app, site)
  await app.register((scope) => apiRoutes(scope, site))
  return app
}

async function serveAssets(app: FastifyInstance): Promise<void> {
  // The plugin chooses among three encodings by the request, and says neither that nor the charset of a picture.
  app.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode >= 400) return
    reply.header('vary', 'accept-encoding')
    if (reply.getHeader('content-type') === 'image/svg+xml') reply.type(SVG)
  })
  await app.register(fastifyStatic, {
    root: readAssets().folder,
    prefix: '/assets/',
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: ASSET_MAX_AGE,
  })
}

/** @param app asked late: unparsable addresses are answered outside the app's own replies */
function createErrorPage({ config, makePage }: Site, app: () => FastifyInstance): RenderErrorPage {
  /** One a status and language: whoever asks for addresses that aren't there makes no page anew. */
  const pages = new Map<string, Promise<Buffer>>()
  return async (request, status, { words = String(status), leave } = {}) => {
    const [, first = ''] = request.url.split(/[/?#]/)
    const language = languages.includes(first)
      ? first
      : negotiate(request.headers['accept-language'])
    // A post that was refused because it came from another site can be repeated on its own page.
    const { url = '' } = request.routeOptions
    const hasPage = request.method === 'POST' && app().hasRoute({ method: 'GET', url })
    const itself = status === 403 && hasPage ? `${config.publicUrl}${request.url}` : null
    const told = {
      status,
      words,
      leaveHref: leave?.(language),
    }
    if (itself) return render(language, { ...told, itself })
    const key = [language, words, told.leaveHref].join(' ')
    const page = pages.get(key) ?? render(language, { ...told, itself: null }).then(Buffer.from)
    pages.set(key, page)
    page.catch(() => pages.delete(key))
    return page
  }

  function render(
    language: string,
    told: {
      status: number
      words: string
      itself: string | null
      leaveHref: string | undefined
    },
  ): Promise<string> {
    const title = translator(language)(`problem.${told.words}.heading`)
    const page = makePage({ language, title, path: (other) => `/${other}/` })
    return app().view('error.hbs', { ...page, ...told })
  }
}
