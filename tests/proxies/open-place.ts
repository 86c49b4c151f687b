import { findProgram } from '../scale/site/find-programs.ts'
import { makePlace, type Place } from '../scale/site/place.ts'

/** Debian's packages that these tests put in front of the site, by the program that each brings. */
const PACKAGES = { nginx: 'nginx', varnishd: 'varnish' }

export type Proxies = Record<keyof typeof PACKAGES, string>

/** What has to be installed first; `npm test` says so and goes on without these tests. */
export function missingPackages(): string[] {
  return Object.entries(PACKAGES).flatMap(([program, name]) => (findProgram(program) ? [] : [name]))
}

/** @throws when a program is not installed */
export async function openPlace(): Promise<Place<Proxies>> {
  const missing = missingPackages()
  if (missing.length > 0)
    throw new Error(`needs ${missing.join(', ')} (apt-get install, on Debian)`)
  return makePlace({ nginx: findProgram('nginx')!, varnishd: findProgram('varnishd')! })
}
