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

export const verifyPath = below('verify')
export const privacyPath = below('privacy')
export const thanksPath = below('thanks')
export const withdrawPath = below('withdraw')

/** Leads to the petition in the reader's own language. */
export const anyLanguagePath = (slug: string) => `/p/${slug}`
