import { CommandError } from './open-site.ts'

/** For commands that are given a slug. */
export const noSuchPetition = (slug: string) =>
  new CommandError(
    `there is no petition "${slug}": "undersigned petition list" shows those there are`,
  )
