import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { stringify } from 'csv-stringify/sync'
import { keyFile, keys, person, recovery, sealPeople } from '../support/browser/unsealing-people.ts'
import { visitUnsealingPage } from '../support/browser/unsealing-visit.ts'
import { typedNames } from '../support/names.ts'
import { readXlsx } from '../support/read-xlsx.ts'
import { exportText, SLUG, sealTo } from '../support/sealed-export.ts'

const HEADING = `Signers of ${SLUG}`

/** The names of tests/support/names.ts as the columns first_name, last_name and name have them. */
const savedNames = [
  ['Ann', 'Lee', 'Ann Lee'],
  ['Zoë', 'Brontë-Núñez', 'Zoë Brontë-Núñez'],
  ['Leyla', 'Əliyeva', 'Leyla Əliyeva'],
  ['İlqar Iğdırlı', 'Şükürov', 'İlqar Iğdırlı Şükürov'],
  ['Ангеліна', 'Ўладзіміраўна', 'Ангеліна Ўладзіміраўна'],
  ['Юлия', 'Ёлкина', 'Юлия Ёлкина'],
  ['ليلى', 'عليوا', 'ليلى عليوا'],
  ['علی‌رضا', 'حسینی', 'علی‌رضا حسینی'],
  ['דוד', 'לוי', 'דוד לוי'],
  ['王小明', '', '王小明'],
  ['นิรันดร์', 'สุข', 'นิรันดร์ สุข'],
  ['Noor 🕊️', '✍🏽', 'Noor 🕊️ ✍🏽'],
  ['O\'Brien "Bob"', '<b>', 'O\'Brien "Bob" <b>'],
  ["'=SUM(A1:A9)", '', "'=SUM(A1:A9)"],
]
const COLUMNS =
  'first_name,last_name,name,email,country,postcode,comment,display,language,signed_at,confirmed_at,source,id,log_index,updates_list'

describe('the unsealing page', () => {
  let names: string[]
  before(async () => {
    names = await sealPeople()
  })

  it('an organiser opens, searches, filters, saves and closes the list without a network', async () => {
    await visitUnsealingPage(async ({ page, t, ...visit }) => {
      await visit.see('Open the list of signers')
      // A browser may learn a moment after the page is there that it has no network.
      await page.getByText(t('unsealing.care.online')).waitFor({ state: 'hidden' })
      await visit.choose(exportText(names), keyFile(keys))
      await visit.press('unsealing.choose.submit')
      await visit.see(HEADING)
      await page.getByText(t('unsealing.summary.allWell')).waitFor()
      assert.deepEqual(await visit.column('name'), typedNames)

      const everything = await visit.saved(() => visit.press('unsealing.save.all', { count: 14 }))
      assert.equal(everything.name, `signers-${SLUG}.csv`)
      assert.equal(everything.content, csvOf(savedNames.map((_, index) => index)))

      const book = await visit.saved(() => visit.press('unsealing.save.allXlsx', { count: 14 }))
      assert.equal(book.name, `signers-${SLUG}.xlsx`)
      const sheet = readXlsx(book.bytes)
      assert.deepEqual(sheet[0]!.map(({ value }) => value).join(), COLUMNS)
      assert.deepEqual(
        sheet.slice(1).map((row) => row.find(({ value }) => value.includes('@'))!.value),
        savedNames.map((_, place) => person(typedNames[place]!, place).email),
      )
      for (const row of sheet.slice(1)) {
        const numbers = row.filter(({ type }) => type === null)
        assert.deepEqual(
          numbers.map(({ format }) => format?.includes('hh:mm') ?? false),
          [true, true, false],
          'two times, and the place in the log',
        )
      }

      await page.getByLabel('Search', { exact: true }).fill('eliyeva LEYLA')
      await page.getByText('Shown: 1 of 14').waitFor()
      assert.deepEqual(await visit.column('name'), ['Leyla Əliyeva'])
      await visit.press('unsealing.filter.clear')
      await page.getByLabel('Country').selectOption({ label: 'Germany (5)' })
      await page.getByLabel('Name in public').selectOption({ label: 'Initials (7)' })
      await page.getByText('Shown: 3 of 14').waitFor()
      assert.deepEqual(
        await visit.column('name'),
        [1, 7, 13].map((place) => typedNames[place]),
      )
      const part = await visit.saved(() => visit.press('unsealing.save.matching', { count: 3 }))
      assert.equal(part.name, `signers-${SLUG}-selection.csv`)
      assert.equal(part.content, csvOf([1, 7, 13]))

      const few = await visit.saved(() => visit.press('unsealing.save.matchingXlsx', { count: 3 }))
      assert.equal(few.name, `signers-${SLUG}-selection.xlsx`)
      assert.equal(readXlsx(few.bytes).length, 4)

      await visit.press('unsealing.list.close')
      await page.getByText(t('unsealing.choose.closed')).waitFor()
      const left = await page.content()
      for (const name of [...typedNames, SLUG, keys.identity]) assert.ok(!left.includes(name), name)
      await visit.press('unsealing.choose.submit')
      await page.getByText(t('unsealing.exportFault.missing')).waitFor()
      await page.getByText(t('unsealing.keyFault.missing')).waitFor()
    })
  })

  it('a sealed list of subscribers opens and is saved, with no key but its own', async () => {
    const text = 'email,as_of\r\n"Ləyla"@example.org,2026-11-28\r\n'
    const sealed = await sealTo([keys.recipient], Buffer.from(text))
    await visitUnsealingPage(async ({ page, t, ...visit }) => {
      await visit.choose(sealed, keyFile(recovery), 'subscribers.csv.age')
      await visit.press('unsealing.choose.submit')
      await visit.see(t('unsealing.refused.wrongKey.heading'))
      assert.equal(await page.locator('#refused-continue').isVisible(), false)
      await visit.press('unsealing.refused.again')
      await visit.choose(flipLast(sealed), keyFile(keys), 'subscribers.csv.age')
      await visit.press('unsealing.choose.submit')
      await page.getByText(t('unsealing.exportFault.damaged')).waitFor()
      await visit.choose(sealed, keyFile(keys), 'subscribers.csv.age')
      await visit.press('unsealing.choose.submit')
      await visit.see(t('unsealing.subscribers.heading'))
      const saved = await visit.saved(() =>
        visit.press('unsealing.subscribers.save', { name: 'subscribers.csv' }),
      )
      assert.deepEqual([saved.name, saved.content], ['subscribers.csv', text])
      await visit.press('unsealing.subscribers.close')
      await page.getByText(t('unsealing.choose.closed')).waitFor()
      assert.equal(await page.locator('#subscribers-save').textContent(), '')
    })
  })

  it('a record shows whole, and a signer’s words stay words', async () => {
    await visitUnsealingPage(async ({ page, t, ...visit }) => {
      await visit.choose(exportText(names), null)
      await page.getByLabel(t('unsealing.paste.label')).fill(`  ${keys.identity.toLowerCase()} `)
      await visit.press('unsealing.choose.submit')
      await visit.see(HEADING)
      await page.getByRole('button', { name: 'O\'Brien "Bob" <b>' }).click()
      const record = page.getByRole('dialog')
      await record.getByRole('heading', { name: 'O\'Brien "Bob" <b>' }).waitFor()
      const fields = await record.locator('dl > div').allInnerTexts()
      assert.deepEqual(
        fields.slice(0, 3).map((text) => text.split(/\n+/)),
        [
          ['E-mail', 'signer.12+x@example.org'],
          ['Compared as', 'signer.12@example.org'],
          ['Country', 'Azerbaijan'],
        ],
      )
      assert.ok(fields.some((text) => text.includes('<img src=x onerror=alert(1)>\n"quoted", 12')))
      await record.getByRole('button', { name: 'Next' }).click()
      await record.getByRole('heading', { name: '=SUM(A1:A9)' }).waitFor()
    })
  })

  it('dropped files are taken for what they hold', async () => {
    const drop = (files: Record<string, string>) => `{
      const data = new DataTransfer()
      for (const [name, text] of Object.entries(${JSON.stringify(files)})) data.items.add(new File([text], name))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
    }`
    await visitUnsealingPage(async ({ page, ...visit }) => {
      await page.evaluate(drop({ 'holiday.txt': 'sun' }))
      await page.getByText('holiday.txt is neither').waitFor()
      await page.evaluate(drop({ 'k.txt': keyFile(keys), 's.jsonl': exportText(names) }))
      await page.locator('#export-chosen').getByText('s.jsonl').waitFor()
      await page.locator('#identity-chosen').getByText('k.txt').waitFor()
      await visit.press('unsealing.choose.submit')
      await visit.see(HEADING)
    })
  })

  it('the keyboard reaches the search, every row and back', async () => {
    await visitUnsealingPage(async ({ page, t, ...visit }) => {
      await visit.choose(exportText(names), keyFile(keys))
      await visit.press('unsealing.choose.submit')
      await visit.see(HEADING)
      const focused = () =>
        page.evaluate('document.activeElement.id || document.activeElement.textContent')
      await page.keyboard.press('/')
      assert.equal(await focused(), 'find')
      await page.keyboard.type('a/b')
      assert.equal(await page.getByLabel('Search', { exact: true }).inputValue(), 'a/b')
      await visit.press('unsealing.filter.clear')
      await page.getByRole('button', { name: typedNames[0], exact: true }).focus()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      assert.equal(await focused(), typedNames[2])
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      await page.keyboard.press('Escape')
      assert.equal(await focused(), typedNames[2])
      await page.getByLabel(t('unsealing.find.slash')).uncheck()
      await page.keyboard.press('/')
      assert.notEqual(await focused(), 'find')
    })
  })

  it('the list is gone once the page is left, and prints without its tools', async () => {
    await visitUnsealingPage(async ({ page, ...visit }) => {
      await visit.choose(exportText(names), keyFile(keys))
      await visit.press('unsealing.choose.submit')
      await visit.see(HEADING)
      await page.emulateMedia({ media: 'print' })
      for (const unprintable of ['.tools', '.saving', '.languages', '#close']) {
        assert.equal(await page.locator(unprintable).isVisible(), false, unprintable)
      }
      assert.equal(await page.getByText('Leyla Əliyeva').isVisible(), true)
      await page.evaluate(`dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`)
      assert.ok(!(await page.content()).includes('Əliyeva'))
    })
  })

  /** By another writer than the page's, for the people at these places. */
  function csvOf(places: number[]): string {
    const rows = places.map((place) => {
      const { email, country, postcode, comment, display, language, source, confirmedAt, id } =
        person(typedNames[place]!, place)
      const safe = (text: string | null) => (/^[+-]/.test(text ?? '') ? `'${text}` : text)
      const signedAt = '2026-01-02T03:04:05.000Z'
      return [
        ...savedNames[place]!,
        email,
        country,
        safe(postcode),
        comment,
        display,
        language,
        signedAt,
        confirmedAt,
        safe(source),
        id,
        String(place),
        'see: undersigned subscriber export',
      ]
    })
    return `\ufeff${COLUMNS}\r\n${stringify(rows, { record_delimiter: 'windows' })}`
  }
})

function flipLast(sealed: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(sealed)
  changed[changed.length - 1]! ^= 1
  return changed
}
