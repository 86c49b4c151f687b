/** What views/layout.hbs needs of every page, whatever the room. All strings are ready to show. */
export interface Page {
  /** BCP 47 language of the page, for example `az`. */
  language: string
  direction: 'ltr' | 'rtl'
  /** For <title>, without the site's name. */
  title: string
  description: string | null
  /** Absolute URL, or null where the page must not be indexed. */
  canonical: string | null
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
  /** Id of a form that already holds what somebody typed: another language is a button of it, no link. */
  typedForm: string | null
  /** Accent class of the petition: one of the names in src/petition/files/petition-files.schema.ts. */
  accent: string
  home: string
  /** The page that says who runs the site; null where nobody is named. */
  imprintHref: string | null
  /** Shown before it is published: the page says so. */
  preview?: boolean
  /** Signers' data is sealed to the demonstration's key: the footer says so. */
  demoKey: boolean
  /** Fingerprinted paths of the bundles, from public/manifest.json. */
  assets: { style: string; letter: string; script: string; icon: string; verify: string }
  /** A document in one column and a margin, as all are but the petition's page and the list of petitions. */
  letter: boolean
  /** Absolute URL that leads to the reader's language; null where there is none. */
  anyLanguage: string | null
  social: {
    title: string
    description: string
    url: string
    /** With the region, as Open Graph has it: `en_GB`. */
    locale: string
    otherLocales: string[]
  } | null
}
