import { anyLanguagePath, petitionPath } from '../petition/paths.ts'

/**
 * The address that is passed on, without a query.
 *
 * @param language the sharer's; null: whoever opens it reads it in their own
 * @param code that is credited, if any
 */
export function sharedAt(
  publicUrl: string,
  slug: string,
  { language, code }: { language: string | null; code: string | null },
): string {
  const path = language ? petitionPath(slug)(language) : anyLanguagePath(slug)
  const coded = language ? `/${language}/s/${code}` : `/s/${code}`
  return `${publicUrl}${code ? coded : path}`
}
