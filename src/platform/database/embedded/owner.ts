import { inspectProcess } from './inspect-process.ts'

/** The process that a server or a scratch folder belongs to. */
export interface Owner {
  pid: number
  started: string
}

/** This process as `<pid>.<started>`, for a server's arguments and for folder names. */
export async function ourselves(): Promise<string> {
  const facts = await inspectProcess(process.pid)
  return `${process.pid}.${facts?.started ?? ''}`
}

/** Reads what `ourselves` wrote. */
export function parseOwner(text: string): Owner | null {
  const found = /^(\d+)\.([^\s.]*)$/.exec(text)
  return found ? { pid: Number(found[1]), started: String(found[2]) } : null
}

/** False as well when its pid now belongs to another process. */
export async function isAlive(owner: Owner): Promise<boolean> {
  const facts = await inspectProcess(owner.pid)
  return facts !== null && facts.started === owner.started
}
