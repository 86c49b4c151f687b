import type { FastifyBaseLogger } from 'fastify'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type SMTPPool from 'nodemailer/lib/smtp-pool'
import { MINUTE, SECOND } from '../clock.ts'
import { repeat } from '../jobs/repeat.ts'
import type { Mailer } from './mail.ts'

/** While nothing is wrong, the mail server is asked every fifth time only. */
const CALM_LOOKS = 5
/** A port behind a firewall is reported after so long; a server that is slow to greet is waited for. */
const TCP_TIMEOUT_MS = 30 * SECOND

/**
 * Connects as a mail would, logs in and leaves.
 * @returns the lines of the server's answer to EHLO
 * @throws as nodemailer does
 */
export function greetServer(options: SMTPPool.Options): Promise<string> {
  const connection = new SMTPConnection(options)
  let patience: NodeJS.Timeout | undefined
  return new Promise<string>((resolve, reject) => {
    patience = setTimeout(() => {
      const { stage } = connection as unknown as { stage: string }
      const error = { code: 'ETIMEDOUT', timeoutType: 'CONNECT_TIMEOUT' }
      if (stage === 'init') reject(Object.assign(new Error('no connection'), error))
    }, TCP_TIMEOUT_MS).unref()
    connection.once('error', reject)
    connection.once('end', () =>
      reject(Object.assign(new Error('closed'), { code: 'ECONNECTION' })),
    )
    connection.connect((error) => {
      if (error) return reject(error)
      // Without the reply codes: "250-SMTPUTF8".
      const extensions = String(connection.lastServerResponse).replace(/^\d{3}[ -]/gm, '')
      const { auth } = options
      if (!auth || !connection.allowsAuth) return resolve(extensions)
      connection.login(auth, (refusal) => (refusal ? reject(refusal) : resolve(extensions)))
    })
  }).finally(() => {
    clearTimeout(patience)
    // Errors after the outcome, such as the server's own closing, change nothing.
    connection.on('error', () => {})
    connection.quit()
    connection.close()
  })
}

/**
 * Checks the mail server now and from time to time: a process that sends no mails itself would not learn that
 * it refuses them. A stop doesn't wait for an answer.
 *
 * @returns `first`: the result of the first `check`
 */
export function watchServer(
  mailer: Mailer,
  logger: Pick<FastifyBaseLogger, 'warn' | 'info'>,
): { first: Promise<string | null>; stop(): void } {
  let known: string | null = null
  let looks = 0

  async function look(): Promise<string | null> {
    const found = await mailer.check()
    if (found && !known) logger.warn({ why: found }, 'the mail server takes no mails')
    if (!found && known) logger.info('the mail server takes mails again')
    known = found
    return found
  }

  const first = look()
  const watch = repeat({
    every: MINUTE,
    work: async () => {
      looks = known || mailer.trouble() ? 0 : (looks + 1) % CALM_LOOKS
      if (looks === 0) await look()
    },
    onError: () => {},
  })
  return { first, stop: () => void watch.stop() }
}
