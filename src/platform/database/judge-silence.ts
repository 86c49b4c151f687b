import type pg from 'pg'
import { inTime } from '../in-time.ts'
import { askServer, isSilence } from './ask-server.ts'
import { cut, isIdle, isSuspect, type Session, silentFor, watchSessions } from './watch-sessions.ts'

/** While the database is away nobody waits longer for the question whether it is back. */
const BACK_WITHIN_MS = 250
const ASK_AGAIN_AFTER_MS = 100
/** PgBouncer hides its server's sessions: a statement has as long as its statement_timeout of 30 s, and some. */
const POOLED_LIMIT_MS = 35_000
const POOLED_LONG_LIMIT_MS = 60 * 60_000
/** A database that takes no writes refuses many statements: connections are not exchanged for each. */
const EXCHANGE_EVERY_MS = 1000

export interface WatchOptions {
  /** Behind PgBouncer. */
  pooled: boolean
  onAway: (error: Error) => void
  onBack: () => void
}

/**
 * A statement that takes long is asked after over a new connection. When the server doesn't work on it, its
 * connection is dead and is cut; when nobody answers, all are cut, and until somebody does the database is away.
 */
export function judgeSilence(options: pg.ClientConfig, { pooled, onAway, onBack }: WatchOptions) {
  let isAway = false
  let isAsking = false
  let looking: Promise<boolean> | null = null
  let notBefore = 0
  let exchangeNotBefore = 0
  const { sessions, watch } = watchSessions((suspects) => void examine(suspects))

  async function examine(suspects: Session[]): Promise<void> {
    if (isAsking || isAway) return
    isAsking = true
    try {
      const pids = pooled ? [] : suspects.map(({ pid }) => pid)
      const working = await askServer(options, pids)
      const dead = suspects.filter((session) => isSuspect(session) && !mayWork(session, working))
      for (const session of dead) cut(session, 'the connection to the database fell silent')
      // Those that are idle may lead the same way.
      if (dead.length > 0) exchangeIdle()
    } catch (error) {
      if (isSilence(error)) fallAway(error as Error)
    } finally {
      isAsking = false
    }
  }

  function mayWork(session: Session, working: ReadonlySet<number>): boolean {
    if (!pooled) return working.has(session.pid)
    return silentFor(session) < (session.takesLong ? POOLED_LONG_LIMIT_MS : POOLED_LIMIT_MS)
  }

  function fallAway(error: Error): void {
    isAway = true
    onAway(error)
    for (const session of sessions) cut(session, 'the database fell silent')
  }

  function exchangeIdle(): void {
    if (performance.now() < exchangeNotBefore) return
    exchangeNotBefore = performance.now() + EXCHANGE_EVERY_MS
    for (const session of sessions)
      if (isIdle(session.client)) cut(session, 'the connection is exchanged for a new one')
  }

  async function ask(): Promise<boolean> {
    const back = await askServer(options, []).then(
      () => true,
      (error: unknown) => !isSilence(error),
    )
    looking = null
    notBefore = performance.now() + ASK_AGAIN_AFTER_MS
    if (back && isAway) {
      isAway = false
      onBack()
    }
    return back
  }

  return {
    watch,
    /** Asks whether anybody answers. */
    suspect: () => void examine([]),
    exchange(session: Session) {
      cut(session, 'the database takes no writes')
      exchangeIdle()
    },
    isAway: () => isAway,
    /** Whether the database answers again; all who ask at the same time share one question. */
    isBack(): Promise<boolean> {
      if (looking) return looking
      if (performance.now() < notBefore) return Promise.resolve(false)
      looking = inTime(ask(), BACK_WITHIN_MS, 'not yet').catch(() => false)
      return looking
    },
  }
}
