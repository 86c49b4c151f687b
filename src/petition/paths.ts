type Path = (language: string) => string

/** Addresses of a petition's pages within the site, by language. */
export const petitionPath =
  (slug: string): Path =>
  (language) =>
    `/${language}/p/${slug}`

const below =
  (page: string) =>
  (slug: string): Path =>
  (language) =>
    `/${language}/p/${slug}/${page}`

export const answersPath = below('answers')
export const writePath = below('write')
export const namesPath = below('names')
export const commentsPath = below('comments')
/** The form to report a name or comment by its mark. */
export const reportPath = (slug: string, kind: 'name' | 'comment', mark: string) =>
  below(`report/${kind}/${mark}`)(slug)
export const verifyPath = below('verify')
export const partnersPath = below('partners')
export const privacyPath = below('privacy')
export const thanksPath = below('thanks')
export const withdrawPath = below('withdraw')

export const updatesPath = below('updates')

export const updatePath =
  (slug: string, name: string): Path =>
  (language) =>
    `/${language}/p/${slug}/updates/${name}`

/** Lead to the reader's own language, as `anyLanguagePath` does. */
export const anyUpdatePath = (slug: string, name: string) => `/p/${slug}/updates/${name}`
/** `version`: of what the card shows, so that a preview is fetched anew when that changes. */
export const cardPath = (slug: string, language: string, version: string) =>
  `/p/${slug}/card.png?lang=${language}&v=${version}`
export const feedPath = (slug: string) => `/p/${slug}/feed.xml`

/** The secret page of a share code. */
export const ownLinkPath =
  (token: string): Path =>
  (language) =>
    `/${language}/link/${token}`

/** Leads to the petition in the reader's own language. */
export const anyLanguagePath = (slug: string) => `/p/${slug}`
