/** An element as an XML parser read it, with what stands directly in it. */
export interface Element {
  namespace: string | null
  name: string
  attributes: Record<string, string>
  children: Element[]
  text: string
}

/** In a page: reads well-formed XML into an Element, and throws for anything else. */
export const READ_XML = `(xml) => {
  const read = (one) => ({
    namespace: one.namespaceURI,
    name: one.localName,
    attributes: Object.fromEntries([...one.attributes].map(({ name, value }) => [name, value])),
    children: [...one.children].map(read),
    text: one.textContent,
  })
  const parsed = new DOMParser().parseFromString(xml, 'application/xml')
  if (parsed.querySelector('parsererror')) throw new Error(parsed.documentElement.textContent)
  return read(parsed.documentElement)
}`

const ATOM = 'http://www.w3.org/2005/Atom'
const IN_FEED =
  'author category contributor generator icon id link logo rights subtitle title updated entry'
const IN_ENTRY =
  'author category content contributor id link published rights source summary title updated'
const RELATIONS = ['alternate', 'self', 'related', 'enclosure', 'via', 'next', 'prev']
/** RFC 3339 with capital letters, as RFC 4287 3.3 asks. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/
const LANGUAGE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/

/** What of the rules of RFC 4287 a document breaks, a line each, with the section that says so. */
export function brokenRules(feed: Element): string[] {
  const broken: string[] = []
  const expect = (holds: boolean, rule: string) => void (holds || broken.push(rule))
  const named = ({ children }: Element, name: string) =>
    children.filter((one) => one.namespace === ATOM && one.name === name)
  const isIri = (text: string) => URL.canParse(text)
  const isOne = (parent: Element, name: string, rule: string) => {
    const all = named(parent, name)
    expect(all.length === 1, `${rule}: ${all.length} of ${name} in ${parent.name}`)
    return all[0]
  }
  const atMostOne = (parent: Element, names: string[], rule: string) => {
    for (const name of names) {
      expect(named(parent, name).length <= 1, `${rule}: more than one ${name} in ${parent.name}`)
    }
  }

  function common(one: Element, allowed: string): void {
    const language = one.attributes['xml:lang']
    expect(language === undefined || LANGUAGE.test(language), `2: the language ${language}`)
    for (const { namespace, name } of one.children) {
      expect(namespace === ATOM, `6: ${name} is of another namespace`)
      expect(allowed.split(' ').includes(name), `4.1: ${name} has no place in ${one.name}`)
    }
    const id = isOne(one, 'id', '4.2.6')
    expect(isIri(id?.text ?? ''), `4.2.6: the id ${id?.text} is no absolute IRI`)
    expect(id?.text.trim() === id?.text, '4.2.6: white space around an id')
    const title = isOne(one, 'title', '4.2.14')
    expect(Boolean(title?.text.trim()), '4.2.14: an empty title')
    isOne(one, 'updated', '4.2.15')
    for (const moment of [...named(one, 'updated'), ...named(one, 'published')]) {
      expect(MOMENT.test(moment.text), `3.3: the moment ${moment.text}`)
      expect(!Number.isNaN(Date.parse(moment.text)), `3.3: no such moment ${moment.text}`)
    }
    for (const name of ['title', 'subtitle', 'summary', 'rights']) {
      for (const text of named(one, name)) {
        const { type = 'text' } = text.attributes
        expect(['text', 'html', 'xhtml'].includes(type), `3.1.1: the type ${type} of ${name}`)
        expect(type === 'xhtml' || text.children.length === 0, `3.1.1: elements in ${name}`)
      }
    }
    for (const person of [...named(one, 'author'), ...named(one, 'contributor')]) {
      expect(Boolean(isOne(person, 'name', '3.2.1')?.text.trim()), '3.2.1: an empty name')
      atMostOne(person, ['uri', 'email'], '3.2')
    }
    links(one)
  }

  function links(one: Element): void {
    const alternates = new Set<string>()
    for (const { attributes } of named(one, 'link')) {
      const { href = '', rel = 'alternate', type = '', hreflang = '' } = attributes
      expect(isIri(href), `4.2.7.1: the address ${href}`)
      expect(RELATIONS.includes(rel), `4.2.7.2: the relation ${rel}`)
      expect(type === '' || /^[\w.+-]+\/[\w.+-]+$/.test(type), `4.2.7.3: the type ${type}`)
      expect(hreflang === '' || LANGUAGE.test(hreflang), `4.2.7.4: the language ${hreflang}`)
      if (rel !== 'alternate') continue
      const key = `${type} ${hreflang}`
      expect(!alternates.has(key), `4.1.1: two alternates of ${key} in ${one.name}`)
      alternates.add(key)
    }
  }

  expect(feed.namespace === ATOM && feed.name === 'feed', '4.1.1: the root is no feed')
  common(feed, IN_FEED)
  atMostOne(feed, ['generator', 'icon', 'logo', 'rights', 'subtitle'], '4.1.1')
  const ofSelf = named(feed, 'link').filter(({ attributes }) => attributes.rel === 'self')
  expect(ofSelf.length === 1, `4.1.1: ${ofSelf.length} links to itself`)
  const entries = named(feed, 'entry')
  const ids = entries.map((entry) => named(entry, 'id')[0]?.text)
  expect(new Set(ids).size === ids.length, '4.1.1: two entries have one id')
  for (const entry of entries) {
    common(entry, IN_ENTRY)
    atMostOne(entry, ['content', 'published', 'rights', 'source', 'summary'], '4.1.2')
    const [content] = named(entry, 'content')
    const type = content?.attributes.type ?? 'text'
    expect(['text', 'html'].includes(type), `4.1.3: the type ${type}`)
    expect(!content?.children.length, '4.1.3.3: elements in content that is text or html')
    const hasAlternate = named(entry, 'link').some(
      ({ attributes }) => (attributes.rel ?? 'alternate') === 'alternate',
    )
    expect(Boolean(content) || hasAlternate, '4.1.2: an entry with neither content nor alternate')
    const hasAuthor = [entry, feed].some((one) => named(one, 'author').length > 0)
    expect(hasAuthor, '4.1.2: an entry without an author')
  }
  return broken
}
