import type pg from 'pg'

type ConnectCallback = (
  error?: Error,
  client?: pg.PoolClient,
  done?: (error?: Error | boolean) => void,
) => void

/**
 * The pool as graphile-worker gets it. Its connection for LISTEN is released twice when it breaks while the runner
 * shuts down, and pg throws at the second time, in a promise that nobody handles: the second time does nothing.
 */
export function lendPool(pool: pg.Pool): pg.Pool {
  const connect = (callback?: ConnectCallback) => {
    if (!callback) return pool.connect()
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
