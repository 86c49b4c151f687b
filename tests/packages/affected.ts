/** A package of package-lock.json that an advisory is about. */
export interface Affected {
  name: string
  version: string
  advisory: Advisory
}

export interface Advisory {
  package: string
  /** Of the GitHub Advisory Database, which `npm audit` asks, too. */
  id: string
  severity: 'low' | 'moderate' | 'high' | 'critical'
  /** Ranges such as ">=5.0.0 <5.3.2". */
  affected: readonly string[]
  what: string
  /** Why the package is used all the same; without it, a match is a failure. */
  accepted?: string
}

export interface Lockfile {
  packages: Readonly<Record<string, LockedPackage>>
}

export interface LockedPackage {
  /** Given where the folder's name is an alias. */
  name?: string
  version: string
  integrity?: string
  resolved?: string
  hasInstallScript?: boolean
}

const FOLDER = 'node_modules/'

export function findAffected({ packages }: Lockfile, advisories: readonly Advisory[]): Affected[] {
  return Object.entries(packages).flatMap(([path, { name = nameOf(path), version }]) =>
    advisories
      .filter((advisory) => advisory.package === name && isAffected(version, advisory.affected))
      .map((advisory) => ({ name, version, advisory })),
  )
}

export const nameOf = (path: string) => path.slice(path.lastIndexOf(FOLDER) + FOLDER.length)

/** @throws where a range has another form than ">=a <b": a range that is not understood must not pass */
export function isAffected(version: string, ranges: readonly string[]): boolean {
  return ranges.some((range) => {
    const [, from, below] = /^>=(\d\S*) <(\d\S*)$/.exec(range) ?? []
    if (!from || !below) throw new Error(`an advisory has the range "${range}": write ">=a <b"`)
    return compareVersions(version, from) >= 0 && compareVersions(version, below) < 0
  })
}

/** Precedence by Semantic Versioning 2.0.0, section 11; build metadata has none. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)]
  const core = compareParts(left.core, right.core)
  if (core !== 0) return core
  // A release comes after its prereleases.
  if (left.pre.length === 0 || right.pre.length === 0) return right.pre.length - left.pre.length
  return compareParts(left.pre, right.pre)
}

function parse(version: string): { core: string[]; pre: string[] } {
  const found = /^(\d+\.\d+\.\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/.exec(version)
  if (!found) throw new Error(`"${version}" is no version`)
  return { core: found[1]!.split('.'), pre: found[2]?.split('.') ?? [] }
}

function compareParts(a: string[], b: string[]): number {
  for (const [at, left] of a.entries()) {
    const right = b[at]
    if (right === undefined) return 1
    if (left !== right) return comparePart(left, right)
  }
  return a.length - b.length
}

/** Numbers come before words, and are compared as numbers. */
function comparePart(a: string, b: string): number {
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (left && right) return Number(a) - Number(b)
  if (left !== right) return left ? -1 : 1
  return a < b ? -1 : 1
}
