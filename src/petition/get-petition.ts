import { HttpError } from '../platform/web/http-error.ts'
import type { Petition } from './petition.ts'
import type { PetitionShelf } from './petition-shelf.ts'

/** @throws HttpError 404 when there is no such petition, or it isn't in that language */
export async function getPetition(
  petitions: PetitionShelf,
  slug: string,
  language?: string,
): Promise<Petition> {
  const petition = await petitions.find(slug)
  if (!petition || (language !== undefined && !petition.settings.languages.includes(language))) {
    throw new HttpError(
      404,
      `there is no petition "${slug}"${language !== undefined ? ` in "${language}"` : ''}`,
    )
  }
  return petition
}
