import type { Services } from '../../services.ts'
import { setClosed } from '../petition.queries.ts'

/** Takes no more signatures from now on. Closing twice keeps the first time. @returns false when there is no such petition */
export async function closePetition(
  { db, clock, petitions }: Pick<Services, 'db' | 'clock' | 'petitions'>,
  slug: string,
): Promise<boolean> {
  const closed = await setClosed(db, slug, clock.now())
  petitions.drop()
  return closed
}
