import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { CONTACT, WEB_ADDRESS } from '../../platform/parse-setting.ts'
import { TEXT_FIELDS } from './share-fields.ts'

/** The fields of `petition.yaml` and of the front matter of `<lang>.md`; docs/campaigner-reference.md explains them. */

/**
 * Accent colours that a petition may choose. Each is defined once for light and once for dark in
 * src/browser/styles/, where every pair has a contrast of 4.5:1 or better. A free colour would need an
 * inline style, which the Content-Security-Policy forbids.
 */
export const accents = ['garnet', 'sea', 'pine', 'plum', 'ochre'] as const
export type Accent = (typeof accents)[number]

/** Of letters, digits and single hyphens; also the name of a new folder. */
export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/
export const SLUG_MAX = 60
/** A file beside petition.yaml, in no folder. */
export const PICTURE_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._-]*\.(?:jpe?g|png|webp)$/iu
/** Sites whose pages may hold the form in a frame, as `frame-ancestors` takes them; `anywhere` allows all. */
export const FRAME_ORIGIN =
  /^(?:anywhere|https:\/\/(?:\*\.)?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,9}(?::\d{1,5})?|http:\/\/(?:localhost|127\.0\.0\.1|[a-z2-7]{56}\.onion)(?::\d{1,5})?)$/
export const LANGUAGE = /^[a-z]{2,3}$/

const line = (max: number) =>
  Type.String({ minLength: 1, maxLength: max, pattern: /^[^\p{Cc}]+$/u })
const id = Type.String({ pattern: /^[a-z0-9-]{1,40}$/ })
const pictureName = Type.String({ pattern: PICTURE_NAME, maxLength: 100 })
const webAddress = Type.String({ pattern: WEB_ADDRESS, maxLength: 500 })

export const SettingsFile = Type.Object(
  {
    slug: Type.String({ pattern: SLUG, maxLength: SLUG_MAX }),
    languages: Type.Array(Type.String({ pattern: LANGUAGE }), {
      minItems: 1,
      uniqueItems: true,
    }),
    accent: Type.Optional(Type.Union(accents.map((name) => Type.Literal(name)))),
    /** The organisers' time zone, for days without one. */
    zone: Type.Optional(Type.String()),
    opens: Type.Optional(Type.String()),
    closes: Type.Optional(Type.String()),
    contact: Type.Optional(Type.String({ pattern: CONTACT, maxLength: 200 })),
    goal: Type.Array(Type.Integer({ minimum: 1, maximum: 1e9 }), { minItems: 1 }),
    recipients: Type.Optional(
      Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 10, uniqueItems: true }),
    ),
    updates: Type.Optional(Type.Boolean()),
    milestones: Type.Optional(Type.Boolean()),
    figures: Type.Optional(Type.Union([Type.Literal('guarded'), Type.Literal('live')])),
    names: Type.Optional(Type.Union([Type.Literal('shown'), Type.Literal('reviewed')])),
    /** Files beside petition.yaml; what the first shows, in words, for those who can't see it. */
    image: Type.Optional(
      Type.Object(
        {
          file: pictureName,
          card: Type.Optional(pictureName),
          alt: Type.Record(Type.String(), line(300)),
        },
        { additionalProperties: false },
      ),
    ),
    embed: Type.Optional(
      Type.Array(Type.String({ pattern: FRAME_ORIGIN }), {
        minItems: 1,
        maxItems: 50,
        uniqueItems: true,
      }),
    ),
    /** Why signers are asked for it, in each language; they aren't without. */
    postcode: Type.Optional(Type.Record(Type.String(), line(150))),
    /** Words that readers pass on, by language and channel; share-fields.ts has the channels. */
    share: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Partial(
          Type.Object(
            Object.fromEntries(TEXT_FIELDS.map((name) => [name, line(500)])) as Record<
              (typeof TEXT_FIELDS)[number],
              ReturnType<typeof line>
            >,
          ),
          { additionalProperties: false },
        ),
      ),
    ),
    /** Whether everybody sees what the partners brought. */
    partners: Type.Optional(Type.Union([Type.Literal('public'), Type.Literal('hidden')])),
    organisers: Type.Array(Type.Object({ id, url: Type.Optional(webAddress) }), { minItems: 1 }),
    sources: Type.Optional(
      Type.Array(
        Type.Object({
          id,
          url: webAddress,
          date: Type.String({
            pattern: /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/,
          }),
        }),
      ),
    ),
  },
  { additionalProperties: false },
)

export const FrontMatter = Type.Object(
  {
    title: line(120),
    slogan: line(300),
    summary: line(300),
    notice: Type.Optional(line(300)),
    who: line(300),
    whom: line(300),
    what: line(500),
    demands: Type.Array(line(500), { minItems: 1, maxItems: 20 }),
    facts: Type.Optional(
      Type.Array(Type.Object({ text: line(1000), sources: Type.Optional(Type.Array(id)) })),
    ),
    organisers: Type.Record(Type.String(), line(200)),
    sources: Type.Optional(
      Type.Record(Type.String(), Type.Object({ title: line(300), publisher: line(200) })),
    ),
  },
  { additionalProperties: false },
)

export const settingsChecker = Compile(SettingsFile)
export const frontMatterChecker = Compile(FrontMatter)

export type SettingsInput = Static<typeof SettingsFile>
