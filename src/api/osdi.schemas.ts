import { Type } from 'typebox'
import { address, answersOfList, count, moment } from './api.schemas.ts'

/** As the Open Supporter Data Interface has them: opensupporter.github.io/osdi-docs. */
export const HAL = 'application/hal+json'
export const MAX_PAGE_SIZE = 25

const Link = Type.Object({ href: address('Where'), title: Type.Optional(Type.String()) })
const Curies = Type.Array(
  Type.Object({ name: Type.String(), href: Type.String(), templated: Type.Boolean() }),
  { description: 'Where the names of links are explained' },
)

export const EntryAnswer = Type.Object(
  {
    motd: Type.String({ description: 'What there is here, and what there is not' }),
    max_pagesize: count('The most petitions of a page'),
    _links: Type.Object({
      self: Link,
      'osdi:petitions': Link,
      docs: Link,
      curies: Curies,
    }),
  },
  { description: 'The entry point' },
)

export const OsdiPetition = Type.Object(
  {
    identifiers: Type.Array(Type.String(), { description: 'System and id' }),
    origin_system: Type.String(),
    created_date: moment('When it was published'),
    modified_date: moment('When its text or settings last changed'),
    name: Type.String({ description: 'Its name in addresses' }),
    title: Type.String(),
    summary: Type.String(),
    petition_text: Type.String({ description: 'Markdown' }),
    browser_url: address("Leads to the reader's language"),
    total_signatures: count('The number that is shown'),
    target: Type.Array(Type.Object({ name: Type.String() }), {
      description: 'Whom it asks, in its own words',
    }),
    _links: Type.Object({
      self: Link,
      'undersigned:petition': Link,
      'undersigned:counts': Link,
      curies: Type.Optional(Curies),
    }),
  },
  { description: 'A petition' },
)

export const OsdiPetitions = Type.Object(
  {
    total_pages: count('How many pages there are'),
    per_page: count('Petitions of a page'),
    page: count('Which page this is, from 1'),
    total_records: count('How many petitions there are'),
    _links: Type.Object({
      self: Link,
      next: Type.Optional(Link),
      previous: Type.Optional(Link),
      'osdi:petitions': Type.Array(Link),
      curies: Curies,
    }),
    _embedded: Type.Object({ 'osdi:petitions': Type.Array(OsdiPetition) }),
  },
  { description: 'A page of petitions' },
)

export const PageQuery = Type.Object({
  page: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 10_000, default: 1, description: 'Which page, from 1' }),
  ),
  per_page: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE_SIZE,
      default: MAX_PAGE_SIZE,
      description: 'How many petitions it has',
    }),
  ),
})

/** Nothing of its address can be malformed. */
export function answersOfEntry() {
  const { 400: _malformed, ...answers } = answersOfList(HAL, 'The entry point', EntryAnswer)
  return answers
}
