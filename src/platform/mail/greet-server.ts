import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type SMTPPool from 'nodemailer/lib/smtp-pool'

/**
 * Connects as a mail would, logs in and leaves.
 * @returns the lines of the server's answer to EHLO
 * @throws as nodemailer does
 */
export function greetServer(options: SMTPPool.Options): Promise<string> {
  const connection = new SMTPConnection(options)
  return new Promise<string>((resolve, reject) => {
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
    // What comes after the outcome, such as the server's own closing, is nobody's concern.
    connection.on('error', () => {})
    connection.quit()
    connection.close()
  })
}
