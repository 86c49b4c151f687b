import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { HttpError } from '../platform/web/http-error.ts'

/**
 * @param language that it has a text in, be it one that was dropped since: redirect-dropped.ts leads readers on,
 *   and whoever had its form open may still send it
 * @throws HttpError 404 when there is no such petition, or it never was in that language
 */
export async function getPetition(
  petitions: Petitions,
  slug: string,
  language?: string,
): Promise<Petition> {
  const petition = await petitions.find(slug)
  if (!petition || (language !== undefined && !petition.texts.has(language))) {
    throw new HttpError(
      404,
      `there is no petition "${slug}"${language !== undefined ? ` in "${language}"` : ''}`,
    )
  }
  return petition
}
