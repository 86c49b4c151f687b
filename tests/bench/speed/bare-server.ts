import Fastify from 'fastify'

/** What an answer of the same bytes costs at least: a bare route, in a process of its own. */
process.once('message', async ({ bodies }: { bodies: Record<string, string> }) => {
  const app = Fastify({ logger: false })
  for (const [path, body] of Object.entries(bodies)) {
    const bytes = Buffer.from(body, 'base64')
    app.get(path, (_request, reply) => {
      reply.type('text/html; charset=utf-8').send(bytes)
    })
  }
  await app.listen({ port: 0, host: '127.0.0.1' })
  const address = app.server.address()
  process.send!({ port: typeof address === 'object' ? address?.port : 0 })
})
