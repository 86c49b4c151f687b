import { request } from 'node:http'
import { text } from 'node:stream/consumers'

/** Asks as a browser does to whom the address was known under the name. */
export async function askAs(host: string, url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, async (answer) => {
      resolve({ status: answer.statusCode!, body: await text(answer) })
    })
      .on('error', reject)
      .end()
  })
}

/** As pages of others would have them; some only look like this machine's. */
export const othersHosts = (port: string): string[] => [
  `rebound.evil.example:${port}`,
  'evil.example',
  `127.0.0.1.evil.example:${port}`,
  `localhost.evil.example`,
  `evil-localhost:${port}`,
  `127.0.0.1@evil.example`,
  `evil.example#127.0.0.1`,
  '0.0.0.0',
]
