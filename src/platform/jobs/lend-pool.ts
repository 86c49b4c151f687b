import type pg from 'pg'

type ConnectCallback = (
  error?: Error,
  client?: pg.PoolClient,
  done?: (error?: Error | boolean) => void,
) => void

/**
 * The pool as graphile-worker gets it. Its connection for LISTEN is released twice when it breaks while the runner
 * shuts down, and pg throws at the second time, in a promise that nobody handles: the second time does nothing.
 *
 * @param onLost a connection broke before its statement was answered: PostgreSQL may have carried it out, or still will
 */
export function lendPool(pool: pg.Pool, onLost: () => void): pg.Pool {
  const connect = (callback?: ConnectCallback) => {
    if (!callback) return pool.connect().then((client) => watchClient(client, onLost))
    pool.connect((error, client, done) => {
      let released = false
      callback(error, client, (fault) => {
        if (released) return
        released = true
        done(fault)
      })
    })
  }
  return new Proxy(pool, {
    get(target, name) {
      if (name === 'connect') return connect
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** graphile-worker has such a client for one statement. */
function watchClient(client: pg.PoolClient, onLost: () => void): pg.PoolClient {
  const { release } = client
  client.once('error', onLost)
  client.release = (error) => {
    client.off('error', onLost)
    release.call(client, error)
  }
  return client
}
