import type { Socket } from 'node:net'
import type pg from 'pg'
import { DatabaseAway } from './unavailable.ts'

const LOOK_EVERY_MS = 250
/** So long a statement may take before anyone asks whether the server still works on it. */
const SUSPECT_AFTER_LOOKS = 6
/** A minute: a statement that takes hours is asked after so often. */
const LONGEST_PAUSE_LOOKS = 240

/** A connection of the pool as the watch sees it. */
export interface Session {
  client: pg.Client
  /** Its process on the server; behind PgBouncer one that PgBouncer made up. */
  pid: number
  /** Looks in a row at which it waited for the server and had received nothing since the one before. */
  silent: number
  askAt: number
  bytesRead: number
  /** Its transaction has called `takeAllTheTime`. */
  takesLong: boolean
}

/** `takeAllTheTime` gives a session this name. PgBouncer passes the server's report of a change on. */
export const LONG_NAME = 'undersigned, takes its time'

/**
 * One timer for a pool instead of one for each statement. Time is counted in looks: while the process itself
 * stands still no connection is silent.
 *
 * @param onSuspects is told of sessions that have been silent for a while: about 1.5 s at first, then after twice
 *   as long each time
 */
export function watchSessions(onSuspects: (suspects: Session[]) => void): {
  sessions: ReadonlySet<Session>
  watch(client: pg.Client): Session
} {
  const sessions = new Set<Session>()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    const suspects: Session[] = []
    for (const session of sessions) {
      const bytesRead = streamOf(session.client).bytesRead
      if (!isWaiting(session.client) || bytesRead !== session.bytesRead) {
        session.bytesRead = bytesRead
        session.silent = 0
        session.askAt = SUSPECT_AFTER_LOOKS
        continue
      }
      session.silent++
      if (session.silent < session.askAt) continue
      session.askAt = session.silent + Math.min(session.silent, LONGEST_PAUSE_LOOKS)
      suspects.push(session)
    }
    if (suspects.length > 0) onSuspects(suspects)
  }

  return {
    sessions,
    watch(client) {
      const { processID: pid } = client as unknown as { processID: number }
      const session: Session = {
        client,
        pid,
        silent: 0,
        askAt: SUSPECT_AFTER_LOOKS,
        bytesRead: 0,
        takesLong: false,
      }
      sessions.add(session)
      timer ??= setInterval(look, LOOK_EVERY_MS).unref()
      client.connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
        if (parameterName === 'application_name')
          session.takesLong = parameterValue.startsWith(LONG_NAME)
      })
      client.once('end', () => {
        sessions.delete(session)
        if (sessions.size > 0) return
        clearInterval(timer)
        timer = undefined
      })
      return session
    },
  }
}

export const isSuspect = ({ silent }: Session): boolean => silent >= SUSPECT_AFTER_LOOKS

export const silentFor = ({ silent }: Session): number => silent * LOOK_EVERY_MS

/** Its statements fail at once, and the pool opens another in its place. */
export function cut({ client }: Session, why: string): void {
  streamOf(client).destroy(new DatabaseAway(why))
}

/** Neither in a statement nor in a transaction. */
export const isIdle = (client: pg.Client): boolean =>
  !isWaiting(client) && client.getTransactionStatus() === 'I'

/** pg sets it while a statement is under way, from its first byte to the server's ReadyForQuery. */
const isWaiting = (client: pg.Client): boolean =>
  (client as unknown as { readyForQuery?: boolean }).readyForQuery === false

const streamOf = (client: pg.Client): Socket => client.connection.stream as Socket
