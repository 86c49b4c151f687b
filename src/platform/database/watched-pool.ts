import pg from 'pg'
import { judgeSilence, type WatchOptions } from './judge-silence.ts'
import { SQL_STATE } from './sql-state.ts'
import { StrictClient } from './strict-client.ts'
import { DatabaseAway } from './unavailable.ts'

/** A connection that takes so long to open is not refused: nobody answers. */
const SLOW_TO_OPEN_MS = 1000

type OpenCallback = (error: Error | null, client?: pg.Client) => void
type ConnectCallback = (error?: Error, client?: pg.PoolClient, done?: () => void) => void

/**
 * A pool that notices when the server has fallen silent: packets dropped, a machine frozen, a wire that takes
 * everything and answers nothing. Why so: docs/decisions/0036-silent-connections.md
 */
export function createWatchedPool(options: pg.PoolConfig, watch: WatchOptions): pg.Pool {
  const judge = judgeSilence(options, watch)

  class WatchedClient extends StrictClient {
    constructor(config?: pg.ClientConfig) {
      super(config)
      const open = this.connect.bind(this) as (callback: OpenCallback) => void
      this.connect = ((callback: OpenCallback) => {
        const since = performance.now()
        open((error) => {
          if (!error) follow(this)
          else if (performance.now() - since > SLOW_TO_OPEN_MS) judge.suspect()
          callback(error, this)
        })
      }) as typeof this.connect
    }
  }

  function follow(client: pg.Client): void {
    const session = judge.watch(client)
    client.connection.on('errorMessage', ({ code }: { code?: string }) => {
      // After a failover it leads to the former primary; a new one may lead to the primary.
      if (code === SQL_STATE.readOnly) judge.exchange(session)
    })
  }

  const pool = new pg.Pool({ ...options, Client: WatchedClient })
  const connect = pool.connect.bind(pool) as (callback?: ConnectCallback) => Promise<pg.PoolClient>
  // `pool.query` calls it, too. While the database answers this costs a look at a boolean.
  pool.connect = ((callback?: ConnectCallback) => {
    if (!judge.isAway()) return connect(callback)
    const client = judge.isBack().then((back) => {
      if (back) return connect()
      throw new DatabaseAway('the database is away')
    })
    if (!callback) return client
    return void client.then(
      (open) => callback(undefined, open, open.release),
      (error: Error) => callback(error, undefined, () => {}),
    )
  }) as typeof pool.connect
  return pool
}
