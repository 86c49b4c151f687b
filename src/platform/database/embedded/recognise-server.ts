import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { listProcesses, type ProcessFacts } from './inspect-process.ts'
import { type Owner, parseOwner } from './owner.ts'

const SYSTEM_IDENTIFIER_BYTES = 8 // the first field of ControlFileData, catalog/pg_control.h
const OWNER_SETTING = 'undersigned.owner'

/**
 * A name that only servers on this data folder bear. It is their `cluster_name`, which PostgreSQL
 * shows in the titles of all their processes: what bears it is ours to stop, nothing else is. It
 * holds the path too, since a copied folder has the same system identifier.
 */
export async function serverMarker(data: string): Promise<string> {
  const control = await open(join(data, 'global/pg_control'))
  try {
    const { buffer } = await control.read(Buffer.alloc(SYSTEM_IDENTIFIER_BYTES))
    const digest = createHash('sha256').update(buffer).update(data).digest('hex')
    return `undersigned-${digest.slice(0, 24)}`
  } finally {
    await control.close()
  }
}

/** The arguments by which `isServer` and `ownerOf` know a server. */
export function markingArguments(marker: string, owner: string): string[] {
  return ['-c', `cluster_name=${marker}`, '-c', `${OWNER_SETTING}=${owner}`]
}

export function isServer(found: ProcessFacts, marker: string): boolean {
  return found.command.includes(` cluster_name=${marker} `)
}

export function ownerOf(server: ProcessFacts): Owner | null {
  const text = server.command.split(` ${OWNER_SETTING}=`)[1]
  return text ? parseOwner(text.split(' ')[0] ?? '') : null
}

/** Processes of a server on this data folder that itself is gone (killed, out of memory). */
export async function findSurvivors(marker: string): Promise<ProcessFacts[]> {
  const all = await listProcesses()
  const servers = new Set(all.filter((found) => isServer(found, marker)).map(({ pid }) => pid))
  return all.filter(
    ({ command, parent }) => command.startsWith(`postgres: ${marker}: `) && !servers.has(parent),
  )
}
