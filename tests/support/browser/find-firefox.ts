import { findProgram } from '../../scale/site/find-programs.ts'

/** Debian's package, and the program that it brings. */
const PACKAGE = 'firefox-esr'

const find = () => process.env.FIREFOX_PATH ?? findProgram(PACKAGE)

/** What has to be installed first; `npm test` says so and goes on without these tests. */
export const missingFirefox = (): string[] => (find() ? [] : [PACKAGE])

/** FIREFOX_PATH's, else Debian's. @throws when there is none */
export function findFirefox(): string {
  const path = find()
  if (path) return path
  throw new Error(
    `needs Firefox: apt-get install ${PACKAGE}, on Debian; elsewhere set FIREFOX_PATH to the place of one`,
  )
}
