import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { mediaTypes } from '../count/write-counts.ts'
import { getPetition } from '../pages/get-petition.ts'
import { canonicalContent } from '../petition/files/petition-text.ts'
import { recipientsOf } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { HttpError } from '../platform/web/http-error.ts'
import { sendCacheable } from '../platform/web/send-page.ts'
import { answersOf, RecipientsAnswer, SlugParams, TextAnswer } from './api.schemas.ts'

const TextParams = Type.Object({
  slug: Type.String({ description: "The petition's name in its address" }),
  language: Type.String({ maxLength: 35, description: 'BCP 47' }),
  version: Type.Integer({
    minimum: 1,
    description: 'Number of the version, from 1; each change of the text makes the next',
  }),
})

/** Texts and recipients, byte for byte as the log's entries hash them. */
export function provenanceApi(api: FastifyInstance, { petitions }: { petitions: Petitions }): void {
  api.get<{ Params: Static<typeof TextParams> }>(
    '/v1/petitions/:slug/texts/:language/:version',
    {
      schema: {
        operationId: 'getText',
        summary: 'A version of the text, as the public log vouches for it',
        description:
          'The SHA-256 of this answer, byte for byte, is in the log as "text/v1 <slug> <language> <version> <base64>".',
        params: TextParams,
        response: answersOf('application/json', 'The text', TextAnswer),
      },
    },
    async (request, reply) => {
      const { slug, language, version } = request.params
      const petition = await getPetition(petitions, slug)
      const text = petition.texts.get(language)?.find((row) => row.version === version)
      if (!text) throw new HttpError(404, 'there is no such version of this text')
      return sendCacheable(reply.type(mediaTypes.json), canonicalContent(text.content))
    },
  )

  api.get<{ Params: Static<typeof SlugParams> }>(
    '/v1/petitions/:slug/recipients',
    {
      schema: {
        operationId: 'getRecipients',
        summary: "The keys that signers' data is sealed to, as the public log vouches for them",
        description:
          'age recipients, sorted, one a line. The SHA-256 of this answer, byte for byte, is in the log as "recipients/v1 <slug> <base64>".',
        params: SlugParams,
        response: answersOf('text/plain', 'The recipients', RecipientsAnswer),
      },
    },
    async (request, reply) => {
      const petition = await getPetition(petitions, request.params.slug, undefined, {
        hidden: 'found',
      })
      const lines = [...recipientsOf(petition)].sort().map((recipient) => `${recipient}\n`)
      return sendCacheable(reply.type('text/plain; charset=utf-8'), lines.join(''))
    },
  )
}
