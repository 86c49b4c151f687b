import { deriveKeyring } from '../../../../src/platform/keyring.ts'
import { API, PAGE } from '../../speed/addresses.ts'
import { forgeProof } from '../../speed/forge-proof.ts'

/** As in openStage. */
const keyring = deriveKeyring(Buffer.alloc(32, 7))

/** What browsers send, as bytes. */

const HEADERS = 'Host: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n'
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n'
const COUNTRIES = ['GB', 'GB', 'GB', 'GB', 'GB', 'GB', 'GB', 'FR', 'ES', 'DE']

/** The address tells whose mail it is. */
export const addressOf = (signer: number) => `s${signer}@example.org`

export const SIGNER_OF_ADDRESS = /<s(\d+)@example\.org>/

export const viewPage = get(PAGE)

/** @param etag of the count that the viewer has; null for the first */
export function pollCount(etag: string | null): Buffer {
  return etag ? get(API, `If-None-Match: ${etag}\r\n`) : get(API)
}

/** Readable as it is. */
export const probeCount = Buffer.from(`GET ${API} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`)

export function sendForm(signer: number): Buffer {
  const email = encodeURIComponent(addressOf(signer))
  const country = COUNTRIES[signer % COUNTRIES.length]
  return post(
    `${PAGE}/signatures`,
    `name=Signer+Number+${signer}&email=${email}&country=${country}&display=hidden&consent=yes&postcode=10115&comment=&website=&source=&ref=&textVersion=1&${forgeProof(keyring.proofs)}`,
  )
}

export const openLink = (token: string) => get(`/en/confirm/${token}`)

export const confirm = (token: string) => post(`/en/confirm/${token}`, 'decision=confirm')

export function get(path: string, more = ''): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${HEADERS}${more}\r\n`)
}

function post(path: string, body: string): Buffer {
  const length = `Content-Length: ${Buffer.byteLength(body)}\r\n`
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${HEADERS}${FORM}${length}\r\n${body}`)
}
