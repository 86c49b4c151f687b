import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { armor, Encrypter } from 'age-encryption'
import type { Page } from 'playwright-core'
import {
  keyFile,
  keys,
  recipients,
  recovery,
  sealPeople,
} from '../support/browser/unsealing-people.ts'
import { visitUnsealingPage } from '../support/browser/unsealing-visit.ts'
import { typedNames } from '../support/names.ts'
import { exportText, newKeys, SLUG, sealedLine } from '../support/sealed-export.ts'

const HEADING = `Signers of ${SLUG}`

describe('the unsealing page, given what it can’t open', () => {
  let names: string[]
  before(async () => {
    names = await sealPeople()
  })

  it('a key of somebody else’s is refused at once, and every record can still be tried', async () => {
    const stranger = newKeys()
    await visitUnsealingPage(async ({ page, ...visit }) => {
      await visit.choose(exportText(names), keyFile(stranger))
      await visit.press('unsealing.choose.submit')
      await visit.see('This key does not fit')
      await page.getByText(stranger.recipient).waitFor()
      await visit.press('unsealing.refused.again')
      await visit.see('Open the list of signers')
      await visit.press('unsealing.choose.submit')
      await visit.press('unsealing.refused.wrongKey.continue')
      await visit.see(HEADING)
      await page.getByText('14 problems were found.').waitFor()
      await page.getByText('Nothing matches.').waitFor()
      await page.getByLabel('14 problems').check()
      assert.deepEqual(new Set(await visit.column('problem')), new Set(['Sealed to other keys']))
    })
  })

  for (const [how, cut] of [
    ['between two records', (text: string) => `${text.split('\n').slice(0, 11).join('\n')}\n`],
    ['in the middle of the last', (text: string) => text.slice(0, -200)],
  ] as const) {
    it(`a file cut short ${how} is refused, and what is there can be opened`, async () => {
      await visitUnsealingPage(async ({ page, t, ...visit }) => {
        await visit.choose(cut(exportText(names)), keyFile(recovery))
        await visit.press('unsealing.choose.submit')
        await visit.see('The file is cut short')
        await visit.press('unsealing.refused.short.continue')
        await visit.see(HEADING)
        assert.equal(await page.getByText(t('unsealing.summary.allWell')).isVisible(), false)
        const opened = how.startsWith('between') ? 10 : 13
        assert.deepEqual(await visit.column('name'), typedNames.slice(0, opened))
        await page
          .getByText(/This list is incomplete|1 problem was found/)
          .first()
          .waitFor()
      })
    })
  }

  it('whatever was changed is told, each kind by its record, and stays out of the list', async () => {
    const sealed = (id: string, more = {}, line = {}) =>
      sealedLine({ id, normalisedEmail: `${id}@example.org`, ...more }, recipients, line)
    const whole = await sealed('1')
    const file = exportText([
      whole,
      flipByte(await sealed('2')),
      await sealed('3', { name: 'Not Me' }, { commitment: new Uint8Array(32) }),
      await sealed('4', {}, { id: '40' }),
      await sealed('5', { slug: 'another' }),
      await sealedLine({ id: '6' }, [newKeys().recipient]),
      (await sealed('7')).replace('"sealed":"', '"sealed":"*'),
      whole,
      await sealed('9', { name: 'Ann Again', normalisedEmail: '1@example.org' }),
    ])
    await visitUnsealingPage(async ({ page, ...visit }) => {
      await visit.choose(`${file}{"one":"more"}\n`, keyFile(keys))
      await visit.press('unsealing.choose.submit')
      await visit.see(HEADING)
      await page.getByText('announces 9 records but contains 10').waitFor()
      assert.deepEqual(await visit.column('name'), [
        'Ann Lee',
        'Ann Again\nE-mail address repeated',
      ])
      await page.getByLabel('9 problems').check()
      const told = await Promise.all([visit.column('record'), visit.column('problem')])
      assert.deepEqual(
        told[0].map((record, index) => [record, told[1][index]]),
        [
          ['Record 2', 'Damaged'],
          ['Record 3', 'Does not match its commitment'],
          ['Record 40', 'In another record’s place'],
          ['Record 5', 'In another record’s place'],
          ['Record 6', 'Sealed to other keys'],
          ['Line 8', 'Not a record'],
          ['Record 1', 'Number repeated: Line 2'],
          ['Record 9', 'E-mail address repeated: Record 1'],
          ['Line 11', 'Not a record'],
        ],
      )
      await page.getByLabel('Kind of problem').selectOption('Does not match its commitment')
      await page.getByRole('button', { name: 'Record 3' }).click()
      await page.getByRole('dialog').getByRole('heading', { name: 'Not Me' }).waitFor()
      await page.getByRole('dialog').getByText('version does not match its commitment').waitFor()
      await page.keyboard.press('Escape')
      const { content } = await visit.saved(() => visit.press('unsealing.save.all', { count: 2 }))
      assert.equal(content.match(/^Ann,/gm)?.length, 2)
      assert.ok(!content.includes('Not Me'))
    })
  })

  it('files that are something else are told apart, beside the field', async () => {
    const locked = armor.encode(
      await sealWith((encrypter) => encrypter.addRecipient(keys.recipient)),
    )
    const cases: [string, string][] = [
      ['', 'unsealing.keyFault.none'],
      ['a photograph', 'unsealing.keyFault.none'],
      [
        keys.identity.replace(/.$/, (last) => (last === 'X' ? 'Q' : 'X')),
        'unsealing.keyFault.mistyped',
      ],
      [`# public key\n${keys.recipient}\n`, 'unsealing.keyFault.publicPart'],
      ['AGE-PLUGIN-YUBIKEY-1QQQ', 'unsealing.keyFault.otherKind'],
      [locked, 'unsealing.keyFault.sealedItself'],
    ]
    await visitUnsealingPage(async ({ page, t, ...visit }) => {
      for (const [identity, message] of cases) {
        await visit.choose(exportText([]), identity)
        await visit.press('unsealing.choose.submit')
        await page.locator('#identity-error').getByText(t(message)).waitFor()
        assert.equal(await page.evaluate('document.activeElement.id'), 'identity')
      }
      for (const wrong of ['', 'a,b\n', '{"format":"undersigned-sealed/2"}\n', keyFile(keys)]) {
        await visit.choose(wrong, keyFile(keys))
        await visit.press('unsealing.choose.submit')
        await page.locator('#export-error').getByText(t('unsealing.exportFault.format')).waitFor()
      }
    })
  })

  it('an identity file under a passphrase asks for it', async () => {
    const locked = await sealWith((encrypter) => {
      encrypter.setScryptWorkFactor(10)
      encrypter.setPassphrase('correct horse')
    }, keyFile(keys))
    for (const file of [locked, armor.encode(locked)]) {
      await visitUnsealingPage(async ({ page, t, ...visit }) => {
        await visit.choose(exportText(names), file)
        const field = page.getByLabel(t('unsealing.passphrase.label'))
        await visit.press('unsealing.choose.submit')
        await page.getByText(t('unsealing.passphraseFault.missing')).waitFor()
        await field.fill('battery staple')
        await visit.press('unsealing.choose.submit')
        await page.getByText(t('unsealing.passphraseFault.wrong')).waitFor()
        await field.fill('correct horse')
        await visit.press('unsealing.choose.submit')
        await visit.see(HEADING)
        assert.equal(await field.inputValue(), '')
      })
    }
  })

  it('a browser without the cryptography says so, and calls no record damaged', async () => {
    const prepare = (page: Page) =>
      page.addInitScript({
        content: `Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })
          window.Worker = undefined`,
      })
    await visitUnsealingPage(
      async (visit) => {
        await visit.choose(exportText(names), keyFile(keys))
        await visit.press('unsealing.choose.submit')
        await visit.see('This browser cannot open sealed records')
      },
      { prepare },
    )
  })
})

async function sealWith(prepare: (encrypter: Encrypter) => void, text = 'x'): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  prepare(encrypter)
  return encrypter.encrypt(text)
}

/** One bit, in the middle of what is sealed: the line stays well-formed. */
function flipByte(line: string): string {
  const { sealed, ...rest } = JSON.parse(line)
  const bytes = Buffer.from(sealed, 'base64')
  bytes[bytes.length - 100]! ^= 1
  return JSON.stringify({ ...rest, sealed: bytes.toString('base64') })
}
