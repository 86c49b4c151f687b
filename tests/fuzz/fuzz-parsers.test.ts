import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { createProofs } from '../../src/defence/proof-of-work.ts'
import { renderMarkdown, renderMarkdownLine } from '../../src/pages/petition/render-markdown.ts'
import { readPetitionFolder } from '../../src/petition/files/petition-files.ts'
import { readMoment } from '../../src/petition/files/read-moment.ts'
import { readYaml } from '../../src/petition/files/read-yaml.ts'
import { findForeignLetter } from '../../src/platform/address/find-foreign-letter.ts'
import { suggestAddress } from '../../src/platform/address/suggest-address.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { ExpectedError } from '../../src/platform/expected-error.ts'
import { decodeText, explainEncoding } from '../../src/platform/files/decode-text.ts'
import { TAR_END, tarFile } from '../../src/platform/files/tar.ts'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import { makeToken, readToken } from '../../src/platform/link-token.ts'
import { newId } from '../../src/platform/random-id.ts'
import { chooseEncoding, isKnownTag } from '../../src/platform/web/encoding.ts'
import { parseQuery } from '../../src/platform/web/read-query.ts'
import { formatManifest, MANIFEST, secretPath } from '../../src/restoring/backup-format.ts'
import { checkBackup } from '../../src/restoring/read-backup.ts'
import { openSealed } from '../../src/sealing/age/open-sealed.ts'
import { formatKeyFile, parseIdentity, parseRecipient } from '../../src/sealing/age/recipient.ts'
import { createIdentity } from '../../src/sealing/age/x25519.ts'
import { parseExportHeader, parseExportLine } from '../../src/sealing/record/export-file.ts'
import { openRecord } from '../../src/sealing/record/open-record.ts'
import { parseOpened } from '../../src/sealing/record/opened-file.ts'
import { decodeRecord, encodeRecord } from '../../src/sealing/record/sealed-record.ts'
import { attributionQuery, readAttributionQuery } from '../../src/sharing/attribution.ts'
import { personalCode, readPersonalCode } from '../../src/sharing/share-code.ts'
import { parseSignForm } from '../../src/signature/form/sign-form.ts'
import { makeInputs } from '../log/core/support/make-inputs.ts'
import {
  exportText,
  newKeys,
  SLUG,
  sealedLine,
  sealTo,
  signerRecord,
} from '../support/sealed-export.ts'
import { form } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** `npm run fuzz` asks for more. */
const TIMES = Number(process.env.FUZZ_TIMES ?? 1)
/** Of parsers that read text, that decrypt, and that read files. */
const TEXTS = 1500 * TIMES
const SEALED = 150 * TIMES
const FILES = 20 * TIMES
/** Far above what any input takes; one that makes a parser dwell takes far more. */
const SLOWEST_MS = 2000
const DEMO = join(import.meta.dirname, '../../src/publishing/demo')

const keyring = deriveKeyring(Buffer.alloc(32, 7))
const keys = newKeys()
const identities = [createIdentity(keys.identity)]
const text = (input: Uint8Array) => Buffer.from(input).toString()

/** No parser may throw anything but a fault that a person can correct, nor dwell. */
async function feed(
  seeds: (string | Uint8Array)[],
  count: number,
  read: (input: Uint8Array) => unknown,
): Promise<void> {
  for (const input of makeInputs(seeds, count)) {
    const begun = performance.now()
    try {
      await read(input)
    } catch (error) {
      const shown = JSON.stringify(Buffer.from(input).toString('latin1').slice(0, 400))
      if (!(error instanceof ExpectedError)) assert.fail(`${(error as Error).stack} for ${shown}`)
    }
    const took = performance.now() - begun
    assert.ok(
      took < SLOWEST_MS,
      `${Math.round(took)} ms for ${Buffer.from(input).toString('base64')}`,
    )
  }
}

describe('whatever it is given, is refused or read, and nothing else, by what reads', () => {
  let line: string
  let sealed: Uint8Array
  before(async () => {
    line = await sealedLine({}, [keys.recipient], { index: 5 })
    sealed = await sealTo([keys.recipient], encodeRecord(signerRecord({})))
  })

  it('petition files: YAML, front matter, texts, moments', async () => {
    const names = readdirSync(DEMO).filter((name) => name.includes('.'))
    const files = names.map((name) => readFileSync(join(DEMO, name)))
    await feed(files, TEXTS / 15, (input) => readYaml(text(input)))
    await feed(files, TEXTS, (input) => decodeText(input) ?? explainEncoding(input, 'en.md'))
    await feed(['2026-03-29 02:30', '2026-02-30', '2026-01-01T00:00:00+04:00'], TEXTS, (input) =>
      readMoment(text(input), { end: false, own: null, since: new Date(0) }),
    )
    const folder = temporaryFolder()
    for (const [at, name] of names.entries()) writeFileSync(join(folder, name), files[at]!)
    for (const [at, name] of names.entries()) {
      await feed([files[at]!], FILES, async (input) => {
        writeFileSync(join(folder, name), input)
        await readPetitionFolder(folder)
      })
      writeFileSync(join(folder, name), files[at]!)
    }
  })

  it('Markdown', async () => {
    const deep = [
      '> '.repeat(500),
      '['.repeat(500),
      '*'.repeat(900),
      '- '.repeat(300),
      '<'.repeat(900),
    ]
    const demo = readFileSync(join(DEMO, 'en.md'), 'utf8')
    await feed([demo, ...deep, '[a](javascript:b)', '![a](b)', '`` ` ``'], TEXTS / 5, (input) => {
      renderMarkdown(text(input))
      renderMarkdownLine(text(input))
    })
  })

  it('forms, queries, headers, tokens, codes, proofs of work', async () => {
    const body = new URLSearchParams(form({ email: 'leyla@gmial.com' })).toString()
    await feed([body, 'a=b&a=c&__proto__=x', 'email=%C3%28&name=%'], TEXTS, (input) => {
      const fields = parseQuery(text(input))
      const parsed = parseSignForm(fields)
      assert.equal(typeof parsed.ok, 'boolean')
      attributionQuery(readAttributionQuery(fields))
    })
    await feed(
      ['leyla@example.org', '"a b"@xn--bcher-kva.example', 'ı@gmaıl.com'],
      TEXTS,
      (input) => {
        suggestAddress(text(input))
        findForeignLetter(text(input))
      },
    )
    await feed(['gzip, deflate, br;q=0.5', '"tag", W/"other"', '*'], TEXTS, (input) => {
      chooseEncoding(text(input))
      isKnownTag(text(input), '"tag"')
    })
    const token = makeToken(keyring, 'confirm', { id: newId(), address: Buffer.alloc(16, 3) })
    const code = personalCode(keyring, 1, newId())
    const made = new Set([token, code])
    await feed([token, code], TEXTS, (input) => {
      const given = text(input)
      const isOurs = made.has(given)
      assert.equal(readToken(keyring, 'confirm', given) !== null, isOurs && given === token)
      assert.equal(readPersonalCode(keyring, given) !== null, isOurs && given === code)
    })
    const proofs = createProofs({ key: Buffer.alloc(32, 1), clock: systemClock })
    const challenge = await proofs.challenge(1)
    const forged = challenge.signature + 'a'.repeat(32)
    await feed([forged, '0'.repeat(112), '{}'], TEXTS, (input) => {
      assert.equal(proofs.check(text(input)), null)
    })
  })

  it('sealed exports, age files and keys', async () => {
    const header = exportText([]).trim()
    await feed([line, header], TEXTS, (input) => {
      parseExportLine(text(input))
      parseExportHeader(text(input))
      parseOpened(text(input))
      decodeRecord(input)
    })
    const keyFile = formatKeyFile({ ...keys, created: new Date(0) })
    await feed([keys.identity, keys.recipient, keyFile], TEXTS, (input) => {
      parseIdentity(text(input))
      parseRecipient(text(input))
    })
    const good = parseExportLine(line)!
    await feed([sealed, good.sealed], SEALED, async (input) => {
      const opened = await openRecord((bytes) => openSealed(identities, bytes), SLUG, {
        ...good,
        sealed: input,
      })
      const isSame = [sealed, good.sealed].some((bytes) => Buffer.from(bytes).equals(input))
      assert.ok(isSame || opened.outcome !== 'opened', 'changed bytes are no record')
    })
  })

  it('backups, as they are and as they are packed', async () => {
    const mtime = new Date(0)
    const manifest = formatManifest({
      made: '2026-01-01T00:00:00.000Z',
      version: '0.1.0',
      migration: '0012',
      log: null,
      petitions: [],
    } as never)
    const tar = Buffer.concat([
      tarFile(MANIFEST, Buffer.from(manifest), { mtime }),
      tarFile(secretPath('secret-key'), Buffer.from('x'), { mtime }),
      tarFile('database.dump.0', gzipSync('PGDMP'), { mtime }),
      TAR_END,
    ])
    const path = join(temporaryFolder(), 'backup.age')
    const check = async (bytes: Uint8Array) => {
      writeFileSync(path, bytes)
      await checkBackup(path, [keys.identity], () => {})
    }
    await feed([tar], FILES, async (input) => check(await sealTo([keys.recipient], input)))
    await feed([await sealTo([keys.recipient], tar)], FILES, check)
  })
})
