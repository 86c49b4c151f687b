import { execFileSync } from 'node:child_process'

export interface Person {
  uid: number
  gid: number
}

export const weAreRoot = process.geteuid?.() === 0

/** Somebody who is not root: us, or as root `nobody`, whom every system has. */
export const ordinaryUser: Person = weAreRoot
  ? { uid: idOf('-u'), gid: idOf('-g') }
  : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

function idOf(flag: string): number {
  return Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
}
