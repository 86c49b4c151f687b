import { countKinds, paceLines } from '../logger.ts'
import { kindOfAway } from './unavailable.ts'

interface Logger {
  warn(fields: object, message: string): void
}

/** One line at once, then one a minute with counts: an outage breaks each connection, and each that is opened. */
export function tellConnections(logger: Logger) {
  const lines = paceLines<string>((kinds) =>
    logger.warn(
      { database: countKinds(kinds) },
      'the database is away, or connections to it broke',
    ),
  )
  let closed = false
  const note = (kind: string) => {
    if (!closed) lines.note(kind)
  }
  return {
    onError: (error: Error) => note(`a connection broke: ${kindOfAway(error)}`),
    onAway: (error: Error) => note(`it is away: ${kindOfAway(error)}`),
    onBack: () => note('it answers again'),
    /** Once the program closes its connections none that ends is a fault. */
    close() {
      lines.close()
      closed = true
    },
  }
}
