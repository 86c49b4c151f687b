import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { signerFromSeed } from '../../src/log/core/note/node-ed25519.ts'
import { COSIGNATURE_V1, formatVkey } from '../../src/log/core/note/note-key.ts'
import { parseWitnesses, WitnessListError } from '../../src/log/witnesses/parse-witnesses.ts'
import { logVkey } from '../offline/witness/support/witness-folder.ts'
import { witness } from './core/support/memory-log.ts'

const other = signerFromSeed('other.example', COSIGNATURE_V1, new Uint8Array(32).fill(4))
const one = `${formatVkey(witness.key)} https://witness.example`
const two = `${formatVkey(other.key)} http://127.0.0.1:8100/w`

describe('the list of witnesses', () => {
  it('is separated by commas or newlines, with as much space as one likes', () => {
    for (const text of [`${one},${two}`, `${one}\n${two}\n`, `  ${one} ,\r\n\n,${two},`]) {
      assert.deepEqual(parseWitnesses(text), [
        { key: witness.key, url: 'https://witness.example/' },
        { key: other.key, url: 'http://127.0.0.1:8100/w' },
      ])
    }
    for (const text of ['', '\n', ' , ']) assert.deepEqual(parseWitnesses(text), [])
  })

  it('passes over a witness whose key is of a type from after this program, and says so', () => {
    const later = `later.example+0a1b2c3d+${Buffer.from([6, ...new Uint8Array(1312)]).toString('base64')}`
    const told: string[] = []
    const list = parseWitnesses(`${later} https://later.example,${one}`, (why) => told.push(why))
    assert.deepEqual(
      list.map(({ key }) => key.name),
      [witness.key.name],
    )
    assert.equal(told.length, 1)
    assert.match(
      told[0]!,
      /later\.example\+0a1b2c3d is of type 6, which isn't known here; .*mistyped\?/,
    )
    assert.deepEqual(parseWitnesses(`${later} https://later.example`), [])
  })

  it('says what is wrong with which', () => {
    const vkey = formatVkey(witness.key)
    const wrong: [string, RegExp][] = [
      [vkey, /"witness\.example\+.*" is not "<vkey> <url>"/],
      ['https://witness.example', /is not "<vkey> <url>"/],
      [`${one} ${two}`, /is not "<vkey> <url>"/],
      [`${vkey.replace('+', ' ')} https://witness.example`, /is not "<vkey> <url>"/],
      [`https://witness.example ${vkey}`, /has no valid key/],
      [`${vkey.slice(0, -4)} https://witness.example`, /has no valid key/],
      [`${logVkey} https://witness.example`, /has a log's key/],
      [`${vkey.replace(/\+B(?=[^+]*$)/, '+C')} https://witness.example`, /key: .*is mistyped/],
      [`${vkey} witness.example`, /has no valid address/],
      [`${vkey} ftp://witness.example`, /has no valid address/],
      [`${vkey} https://me:secret@witness.example`, /leave that out/],
      [`${vkey} https://witness.example/?a=b`, /leave that out/],
      [`${one},${two},${one}`, /the witness witness\.example\+[0-9a-f]{8} is there twice/],
    ]
    for (const [text, line] of wrong) {
      assert.throws(
        () => parseWitnesses(text),
        (error: Error) => error instanceof WitnessListError && line.test(error.message),
        text,
      )
    }
  })
})
