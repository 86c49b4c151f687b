import { type TSchema, Type } from 'typebox'
import { address, CACHING, count, header, Problem } from './api.schemas.ts'

/** Operations that lie outside of `/api`, where programs expect them: described here, answered by the site's pages. */

const OembedAnswer = Type.Object(
  {
    version: Type.Literal('1.0'),
    type: Type.Literal('rich'),
    title: Type.String(),
    author_name: Type.String({ description: 'The organisers' }),
    author_url: Type.Optional(Type.String({ format: 'uri' })),
    provider_name: Type.String(),
    provider_url: address('This site'),
    cache_age: count('Seconds'),
    html: Type.String({ description: 'A frame, and a link for readers who can’t see it' }),
    width: count('Pixels'),
    height: count('Pixels'),
    thumbnail_url: Type.Optional(Type.String({ format: 'uri' })),
    thumbnail_width: Type.Optional(Type.Integer()),
    thumbnail_height: Type.Optional(Type.Integer()),
  },
  { description: 'As oembed.com describes the rich type' },
)

const ChallengeAnswer = Type.Union([
  Type.Object({
    enough: Type.Literal(true, {
      description: 'Nothing has to be done, or what was done is enough',
    }),
  }),
  Type.Object({
    parameters: Type.Object({
      algorithm: Type.Literal('PBKDF2/SHA-256'),
      cost: count('Iterations a key'),
      data: Type.Object({ work: count('Keys to derive at most') }),
      expiresAt: count('Seconds since 1970'),
      keyLength: count('Bytes'),
      keyPrefix: Type.String({
        description: 'What the key that is sought begins with, in hexadecimal',
      }),
      nonce: Type.String(),
      salt: Type.String(),
    }),
    signature: Type.String({ description: 'Sent back in front of the rest of the key' }),
  }),
])

const pixels = (name: string, what: string) =>
  queried(name, `${what}, in pixels; without it, as much as the frame needs`, { type: 'string' })

export function queried(name: string, description: string, schema: object, required = false) {
  return { name, in: 'query' as const, required, description, schema }
}

type Header = ReturnType<typeof header>
const withSchema = (headers: Record<string, Header>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, { type, description }]) => [
      name,
      { description, schema: { type } },
    ]),
  )

export function answer(
  description: string,
  content: Record<string, TSchema | object> | null,
  headers: Record<string, Header> = {},
) {
  const media = Object.entries(content ?? {}).map(([type, schema]) => [type, { schema }])
  return {
    description,
    headers: withSchema(headers),
    ...(content && { content: Object.fromEntries(media) }),
  }
}

export const refusal = (description: string, headers?: Record<string, Header>) =>
  answer(description, { 'application/json': Problem }, headers)

export const OUTSIDE_SCOPE = {
  '/oembed': {
    get: {
      operationId: 'getOembed',
      summary: 'A frame of a petition, for sites that know oEmbed',
      parameters: [
        queried(
          'url',
          'The address of a petition’s page, or a short link',
          { type: 'string' },
          true,
        ),
        queried('format', 'Of the answer', {
          type: 'string',
          enum: ['json', 'xml'],
          default: 'json',
        }),
        pixels('maxwidth', 'The width that there is room for'),
        pixels('maxheight', 'The height that there is room for'),
      ],
      responses: {
        200: answer(
          'The frame',
          {
            'application/json': OembedAnswer,
            'text/xml': { type: 'string', description: 'The same, as XML' },
          },
          CACHING,
        ),
        304: answer('What If-None-Match names still holds', null, CACHING),
        400: refusal('What is malformed, in English'),
        404: refusal('There is no such petition, or its texts are hidden'),
        500: refusal('Something went wrong on this side'),
        501: refusal('There is no such format'),
        503: refusal('The service is away for a moment', {
          'retry-after': header('Seconds', 'integer'),
        }),
      },
    },
  },
  '/challenge': {
    get: {
      operationId: 'getChallenge',
      summary: 'The proof of work that the form has to bring from where you are, in peace none',
      parameters: [
        queried('had', 'Keys that a proof at hand took at most; 0 without one', { type: 'string' }),
      ],
      responses: {
        200: answer(
          'Enough, or a challenge of ALTCHA',
          { 'application/json': ChallengeAnswer },
          { 'cache-control': header('It is not kept') },
        ),
      },
    },
  },
}
