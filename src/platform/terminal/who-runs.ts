import { hostname, userInfo } from 'node:os'

/** The system's user and the host of this process, as in `anna@server`: in a container its own. */
export function whoRuns(): string {
  return `${userName()}@${hostname()}`
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that no user has.
    return `uid ${process.getuid?.()}`
  }
}
