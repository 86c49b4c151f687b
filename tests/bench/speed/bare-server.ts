import cluster from 'node:cluster'
import { cpus } from 'node:os'
import Fastify from 'fastify'

/**
 * What an answer of the same bytes costs at least: bare routes, in as many processes as the program has.
 * `?headers` sends the program's headers too, which are bytes as well.
 */
interface Answer {
  body: string
  headers: [string, string][]
}

if (cluster.isPrimary) {
  process.once('message', ({ answers }: { answers: Record<string, Answer> }) => {
    let listening = 0
    cluster.on('listening', (_worker, { port }) => {
      if (++listening === cpus().length) process.send!({ port })
    })
    for (let nth = 0; nth < cpus().length; nth++) {
      const worker = cluster.fork()
      // It says when it listens for what it is told.
      worker.once('message', () => worker.send(answers))
    }
  })
  process.once('disconnect', () => process.exit(0))
} else {
  process.once('message', async (answers: Record<string, Answer>) => {
    const app = Fastify({ logger: false })
    for (const [path, { body, headers }] of Object.entries(answers)) {
      const bytes = Buffer.from(body, 'base64')
      const withHeaders = Object.fromEntries(headers)
      app.get(path, (_request, reply) => {
        reply.type('text/html; charset=utf-8').send(bytes)
      })
      app.get(`/headers${path}`, (_request, reply) => {
        reply.headers(withHeaders).send(bytes)
      })
    }
    await app.listen({ port: 0, host: '127.0.0.1' })
  })
  process.send!('ready')
}
