/**
 * `npm run pin:verifier`: writes the SHA-256 of the verifier, as these sources make it, into
 * docs/verifying.md. Whatever changes a line that goes into the verifier changes it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { sumLine, VERIFYING, verifierSum } from '../support/verifier-sum.ts'

const { found, text } = sumLine(readFileSync(VERIFYING, 'utf8'))
const sum = await verifierSum()
writeFileSync(VERIFYING, text.replace(found, sum))
console.log(found === sum ? `${sum}, as before` : `${sum} instead of ${found}`)
