import nodemailer from 'nodemailer'

/** Nodemailer's pool with messages that are prepared: what mailing costs without the program. */
process.on(
  'message',
  async ({ port, mails }: { port: number; mails: Record<string, unknown>[] }) => {
    const transport = nodemailer.createTransport({
      host: '127.0.0.1',
      port,
      pool: true,
      maxConnections: 5,
      maxMessages: 200,
    })
    const begun = performance.now()
    await Promise.all(mails.map((mail) => transport.sendMail(mail)))
    const rate = mails.length / ((performance.now() - begun) / 1000)
    transport.close()
    process.send!({ rate })
  },
)
