import { isRightToLeft } from '../i18n/direction.ts'
import { localeOf } from '../i18n/format.ts'
import { languageNames, languages } from '../i18n/translate.ts'

/** The part of every view model that views/layout.hbs shows. All strings are ready to show. */
export interface Page {
  /** BCP 47 language of the page, for example `az`. */
  language: string
  direction: 'ltr' | 'rtl'
  /** For <title>, without the site's name. */
  title: string
  description: string | null
  /** Absolute URL, or null where the page must not be indexed. */
  canonical: string | null
  /** The same page at the site's onion service, for Tor Browser, with `ref` and `source`; null where there is none. */
  onion: string | null
  /** This page in the site's languages; hrefs keep `ref` and `source`, absolute urls don't. */
  languages: {
    language: string
    name: string
    href: string
    url: string
    /** Where a form on the page is sent to be shown in that language. */
    action: string
    current: boolean
  }[]
  /** Id of a form with a reader's input: other languages are buttons that submit it, no links. */
  typedForm: string | null
  /** Accent class of the petition: one of the names in src/petition/files/petition-files.schema.ts. */
  accent: string
  home: string
  /** The page that names the site's operator; null where there is none. */
  imprintHref: string | null
  /** The page that says what the site is; null where the operator wrote none. */
  aboutHref: string | null
  /** Shown before it is published: the page says so. */
  preview?: boolean
  /** True where signers' data is sealed to the demonstration key: the footer says so. */
  demoKey: boolean
  /** Fingerprinted paths of the bundles, from public/manifest.json. */
  assets: {
    style: string
    letter: string
    script: string
    icon: string
    verify: string
    solve: string
    /** Of pages in other sites' frames. */
    frame: string
    frameDark: string
    frameScript: string
  }
  /** Paths of fonts that the browser asks for at once, before it knows the styles. */
  fonts: string[]
  /** In the layout of a document: all pages but the petition's and the list of petitions. */
  letter: boolean
  /** Absolute URL that redirects to the reader's language; null where there is none. */
  anyLanguage: string | null
  social: {
    title: string
    description: string
    url: string
    /** With the region, as Open Graph has it: `en_GB`. */
    locale: string
    otherLocales: string[]
    /** 1200 × 630; null where there is none. */
    card: { url: string; alt: string } | null
    /** JSON-LD, as a script element may hold it; null where there is none. */
    structured: string | null
  } | null
}

const DEFAULT_ACCENT = 'garnet'

export interface PageOptions {
  language: string
  title: string
  description?: string
  /** This page's path in a language, without the query. */
  path: (language: string) => string
  /** A path that redirects to the reader's language. */
  anyLanguage?: string | undefined
  /** Kept by the language switcher and on the way to the onion service, for example `?ref=…`; empty or with its question mark. */
  query?: string
  /** Languages that the page exists in; all of the site's by default. */
  offered?: string[]
  typedForm?: string | null
  accent?: string
  demoKey?: boolean
  /** False where the page has a layout of its own. */
  letter?: boolean
  /** Pages for one link or form stay out of search engines. */
  indexed?: boolean
  /** The picture of link previews. */
  card?: { path: string; alt: string } | null
  /** The page for search engines, as JSON-LD. */
  structured?: object | undefined
}

export type MakePage = (options: PageOptions) => Page

/** Makes the part of every view model that the layout shows. */
export function createPageMaker(site: {
  publicUrl: string
  /** Where search engines are to find each page; else the same. */
  canonicalUrl?: string
  /** The site's onion service; null without one, and on it. */
  onionUrl?: string | null
  assets: Page['assets'] & { fonts: Record<string, string[]> }
  /** Whether there is a page that names the operator. */
  hasImprint: boolean
  hasAbout: boolean
}): MakePage {
  return ({ language, title, path, query = '', ...options }) => {
    const url = `${site.publicUrl}${path(language)}`
    const description = options.description ?? null
    const offered = options.offered ?? languages
    return {
      language,
      direction: isRightToLeft(language) ? 'rtl' : 'ltr',
      title,
      description,
      canonical: options.indexed ? `${site.canonicalUrl ?? site.publicUrl}${path(language)}` : null,
      onion: site.onionUrl ? `${site.onionUrl}${path(language)}${query}` : null,
      languages: offered.map((other) => ({
        language: other,
        name: languageNames[other] ?? other,
        href: `${path(other)}${query}`,
        url: `${site.publicUrl}${path(other)}`,
        action: path(other),
        current: other === language,
      })),
      typedForm: options.typedForm ?? null,
      accent: options.accent ?? DEFAULT_ACCENT,
      home: `/${language}/`,
      imprintHref: site.hasImprint ? `/${language}/imprint` : null,
      aboutHref: site.hasAbout ? `/${language}/about` : null,
      demoKey: options.demoKey ?? false,
      assets: site.assets,
      fonts: site.assets.fonts[language] ?? [],
      letter: options.letter ?? true,
      anyLanguage:
        options.anyLanguage === undefined ? null : `${site.publicUrl}${options.anyLanguage}`,
      social:
        options.indexed && description
          ? {
              title,
              description,
              url,
              locale: localeOf(language),
              card: options.card
                ? { url: `${site.publicUrl}${options.card.path}`, alt: options.card.alt }
                : null,
              structured: options.structured ? writeScript(options.structured) : null,
              otherLocales: offered.filter((other) => other !== language).map(localeOf),
            }
          : null,
    }
  }
}

/** A script element ends at the first `</script`, whatever string of the JSON that is in. */
const writeScript = (data: object) => JSON.stringify(data).replaceAll('<', '\\u003c')
