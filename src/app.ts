import { randomUUID } from 'node:crypto'
import formbody from '@fastify/formbody'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance } from 'fastify'
import { apiRoutes } from './api/api.routes.ts'
import { measureSite } from './api/measure-site.ts'
import { confirmationRoutes } from './pages/confirmation/confirmation.routes.ts'
import { redirectDropped } from './pages/get-petition.ts'
import { imprintRoutes } from './pages/imprint.routes.ts'
import { petitionRoutes } from './pages/petition/petition.routes.ts'
import { privacyRoutes } from './pages/privacy.routes.ts'
import { receiptRoutes } from './pages/receipt/receipt.routes.ts'
import { refuseWhileClosed } from './pages/refuse-while-closed.ts'
import { signingRoutes } from './pages/signing/signing.routes.ts'
import { sitemapRoute } from './pages/sitemap.routes.ts'
import { thanksRoutes } from './pages/thanks.routes.ts'
import { unsubscribeRoutes } from './pages/unsubscribe.routes.ts'
import { logRoutes } from './pages/verify/log.routes.ts'
import { verifyRoutes } from './pages/verify/verify.routes.ts'
import { askWithdrawalRoutes } from './pages/withdrawal/ask-withdrawal.routes.ts'
import { withdrawalRoutes } from './pages/withdrawal/withdrawal.routes.ts'
import { languages, negotiate, translator } from './platform/i18n/translate.ts'
import { readAssets } from './platform/web/assets.ts'
import { createBusyAnswers } from './platform/web/busy-answers.ts'
import { compressAnswers } from './platform/web/compress-answers.ts'
import { answerClientErrors, serverWith } from './platform/web/create-server.ts'
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
import { addSecurityHeaders, securityHeaders } from './platform/web/security-headers.ts'
import { seenRoutes } from './platform/web/seen.routes.ts'
import type { Site } from './site.ts'

/** The longest form, in a script of four bytes a letter and percent-encoded, is under 12 kB. */
const BODY_LIMIT_BYTES = 16 * 1024
const ASSET_MAX_AGE = '365d'
const SVG = 'image/svg+xml; charset=utf-8'

/** The web: hooks, then pages and API. */
export async function buildApp(site: Site): Promise<FastifyInstance> {
  const { config } = site
  const renderErrorPage = createErrorPage(site, () => app)
  const requestLog = createRequestLog()
  const headers = securityHeaders({ https: config.publicUrl.startsWith('https:') })
  const busy = createBusyAnswers(headers)
  const app: FastifyInstance = Fastify({
    loggerInstance: site.logger,
    trustProxy: config.trustProxy,
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: () => randomUUID(),
    serverFactory: serverWith({ ...site, ready: site.answers.ready, busy }, headers),
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
  const settling = site.intakeGuard.keepSettling(site.logger)
  app.addHook('onClose', () => settling.stop())
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
  seenRoutes(app, site.keyring.examination)
  metricsRoutes(app, config, measureSite(site))
  petitionRoutes(app, site)
  privacyRoutes(app, site)
  imprintRoutes(app, site)
  signingRoutes(app, site)
  confirmationRoutes(app, site)
  verifyRoutes(app, site)
  receiptRoutes(app, site)
  askWithdrawalRoutes(app, site)
  withdrawalRoutes(app, site)
  await app.register((scope) => unsubscribeRoutes(scope, site))
  await app.register((scope) => logRoutes(scope, site), { prefix: '/log' })
  thanksRoutes(app, site)
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
  return async (request, status) => {
    const [, first = ''] = request.url.split(/[/?#]/)
    const language = languages.includes(first)
      ? first
      : negotiate(request.headers['accept-language'])
    // A post that was refused because it came from another site can be repeated on its own page.
    const { url = '' } = request.routeOptions
    const hasPage = request.method === 'POST' && app().hasRoute({ method: 'GET', url })
    const itself = status === 403 && hasPage ? `${config.publicUrl}${request.url}` : null
    if (itself) return render(language, status, itself)
    const key = `${language} ${status}`
    const page = pages.get(key) ?? render(language, status, null).then(Buffer.from)
    pages.set(key, page)
    page.catch(() => pages.delete(key))
    return page
  }

  function render(language: string, status: number, itself: string | null): Promise<string> {
    const title = translator(language)(`problem.${status}.heading`)
    const page = makePage({ language, title, path: (other) => `/${other}/` })
    return app().view('error.hbs', { ...page, status, itself })
  }
}
