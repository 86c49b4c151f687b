import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { realpath, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { basename, dirname, join, relative } from 'node:path'
import { explainFileFault, WitnessError } from './witness-error.ts'

/** The longest address of a socket on every system (sun_path is 104 bytes on macOS, 108 on Linux). */
const MAX_ADDRESS_BYTES = 103

/**
 * Makes this process the only witness on a state file, until it ends in whatever way. The lock is a
 * socket that it listens on beside the file: the kernel, unlike a process ID in a file, knows across
 * containers whether somebody still does, and forgets it when the process is killed.
 *
 * @returns lets go
 * @throws WitnessError when another witness runs on it
 */
export async function holdState(stateFile: string): Promise<() => Promise<void>> {
  const address = await addressOf(stateFile)
  const lock = (await listen(address)) ?? (await takeOver(address))
  if (!lock) {
    throw new WitnessError(
      `another witness runs on ${stateFile}: stop it first, or give this one a --state and a --key of its own`,
    )
  }
  // It must not keep a program alive that is done.
  lock.unref()
  return async () => {
    await new Promise((resolve) => lock.close(resolve))
  }
}

async function addressOf(stateFile: string): Promise<string> {
  const folder = await realpath(dirname(stateFile)).catch((error) => {
    throw explainFileFault(stateFile, 'written', error)
  })
  const path = join(folder, `${basename(stateFile)}.lock`)
  if (process.platform === 'win32') {
    return `\\\\.\\pipe\\undersigned-${createHash('sha256').update(path).digest('hex')}`
  }
  const address = [path, relative(process.cwd(), path)].find(
    (one) => Buffer.byteLength(one) <= MAX_ADDRESS_BYTES,
  )
  if (address) return address
  throw new WitnessError(
    `the path ${path} is too long for a lock: choose a --state of fewer than ${MAX_ADDRESS_BYTES - 5} bytes`,
  )
}

/** Null when the address is taken, by a witness or by the socket of a killed one. */
async function listen(address: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy())
  try {
    server.listen(address)
    await once(server, 'listening')
    return server
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null
    throw explainFileFault(address, 'written', error)
  }
}

/**
 * Two starts at once may both come here and one take the lock from the other. The one that lost it
 * then finds a state that it didn't write, and stops before it signs.
 */
async function takeOver(address: string): Promise<Server | null> {
  if (await answers(address)) return null
  await rm(address, { force: true })
  return listen(address)
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address, () => {
      socket.destroy()
      resolve(true)
    })
    // Only these two mean that no process listens; a busy or forbidden socket belongs to one.
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'),
    )
  })
}
