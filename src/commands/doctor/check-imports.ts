import type { Imports } from '../../imported/imports.ts'
import { type Clock, DAY } from '../../platform/clock.ts'
import { type Finding, fault, inWords, ok } from './finding.ts'

/** Five million people are taken in within some hours. */
const LATE_MS = DAY

/** A file that was taken in half is shown nowhere, and nobody but its organiser can go on with it. */
export async function checkImports(
  imports: Pick<Imports, 'unfinished'>,
  clock: Clock,
): Promise<Finding> {
  const about = 'imports'
  const now = clock.now().getTime()
  const [first, ...others] = await imports.unfinished(new Date(now - LATE_MS))
  if (!first) return ok(about, 'none was stopped halfway')
  const { slug, batch, begunAt } = first
  const more = others.length > 0 ? `, and ${others.length} more` : ''
  return fault(
    about,
    `batch ${batch} of ${slug} was begun ${inWords(now - begunAt.getTime())} ago and never ended${more}: its people are held, and shown nowhere`,
    `give "import signatures" the same file with --apply, or take them out with "import remove ${slug} ${batch} --yes"`,
  )
}
