import type { FastifyReply } from 'fastify'
import { updatePath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import { readAssets } from '../../platform/web/assets.ts'
import { createPageMaker } from '../../platform/web/page.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { readUpdateFolder } from '../../update/update-files.ts'
import { asUpdate, showMail, type Update } from '../../update/updates.ts'
import { renderMarkdown } from '../petition/render-markdown.ts'
import { serveLocally } from '../petition/serve-preview.ts'
import { viewUpdate } from './view-updates.ts'

/** Serves the page and the mail of an update's folder, which is read with every request. Nothing is published. */
export async function serveUpdate(
  { config }: { config: { publicUrl: string } },
  petition: Petition,
  folder: string,
  port: number,
) {
  const makePage = createPageMaker({
    publicUrl: '',
    assets: readAssets().paths,
    hasImprint: false,
    hasAbout: false,
  })
  const read = async () =>
    asUpdate(petition.id, await readUpdateFolder(folder, petition, { draft: true }), new Date())

  return serveLocally(port, (app) => {
    app.get<{ Params: { lang: string } }>('/:lang/*', async (request, reply) => {
      const update = await read()
      const { lang } = request.params
      if (request.url !== updatePath(petition.slug, update.name)(lang) || !update.texts.has(lang))
        return lead(reply, update)
      const about = { petition, update }
      const cards = { version: async () => '' }
      const page = await viewUpdate({ config: { publicUrl: '' }, cards, makePage }, about, lang, '')
      return send(reply, await reply.viewAsync('updates/update.hbs', { ...page, preview: true }))
    })
    app.get<{ Params: { lang: string } }>('/mail/:lang', async (request, reply) => {
      const update = await read()
      const { lang } = request.params
      if (!update.texts.has(lang)) return lead(reply, update)
      const needs = { config, toHtml: renderMarkdown }
      // Mails have styles of their own, as mail programs need them.
      reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      return send(reply, showMail(needs, petition, update, lang))
    })
    app.setNotFoundHandler(async (_request, reply) => lead(reply, await read()))
  })

  function lead(reply: FastifyReply, update: Update) {
    const [first] = update.texts.keys()
    return redirectWithin(reply, updatePath(petition.slug, update.name)(first!), 303)
  }
}

const send = (reply: FastifyReply, html: string) =>
  reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html)
