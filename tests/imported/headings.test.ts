import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HEADINGS } from '../../src/imported/headings.ts'
import { mapColumns } from '../../src/imported/map-columns.ts'

/** First lines as sites, forms and people write them: names in two columns, then in one. */
const LINES: Record<string, [apart: string, whole: string]> = {
  az: [
    'Ad|Soyad|E-poçt ünvanı|Ölkə|Şəhər|Poçt indeksi|İmza tarixi|Şərh|Dil',
    'Ad və soyad|Elektron poçt|Ölkə|Tarix',
  ],
  be: [
    'Імя|Прозвішча|Адрас электроннай пошты|Краіна|Горад|Паштовы індэкс|Дата подпісу|Каментар|Мова',
    'Імя і прозвішча|Э-пошта|Краіна|Адзнака часу',
  ],
  de: [
    'Vorname|Nachname|E-Mail-Adresse|Land|Ort|Postleitzahl|Unterschrieben am|Begründung|Sprache',
    'Vor- und Nachname|E-Mail|Land|Zeitstempel',
  ],
  en: [
    'First name|Last name|E-mail address|Country|City|Zip/Postal code|Signed on|Comment|Language',
    'Full name|Email|Country of residence|Timestamp',
  ],
  es: [
    'Nombre|Apellidos|Correo electrónico|País|Ciudad|Código postal|Fecha de firma|Comentario|Idioma',
    'Nombre y apellidos|Dirección de correo electrónico|País|Marca temporal',
  ],
  fa: [
    'نام|نام خانوادگی|پست الکترونیکی|کشور|شهر|کد پستی|تاریخ امضا|توضیحات|زبان',
    'نام و نام خانوادگی|نشانی ایمیل|کشور|تاریخ',
  ],
  fr: [
    'Prénom|Nom|Adresse e-mail|Pays|Ville|Code postal|Date de signature|Commentaire|Langue',
    'Nom complet|Courriel|Pays de résidence|Horodateur',
  ],
  ka: [
    'სახელი|გვარი|ელ. ფოსტის მისამართი|ქვეყანა|ქალაქი|საფოსტო ინდექსი|ხელმოწერის თარიღი|კომენტარი|ენა',
    'სახელი და გვარი|ელფოსტა|ქვეყანა|თარიღი',
  ],
  pl: [
    'Imię|Nazwisko|Adres e-mail|Kraj|Miejscowość|Kod pocztowy|Data złożenia podpisu|Komentarz|Język',
    'Imię i nazwisko|Poczta elektroniczna|Państwo|Sygnatura czasowa',
  ],
  ru: [
    'Имя|Фамилия|Адрес электронной почты|Страна|Город|Почтовый индекс|Дата подписи|Комментарий|Язык',
    'ФИО|Эл. почта|Страна проживания|Отметка времени',
  ],
  tr: [
    'Adı|Soyadı|E-posta|Ülke|Şehir|Posta kodu|İmza tarihi|Açıklama|Dil',
    'Adı Soyadı|E-posta adresi|Ülke|Zaman damgası',
  ],
  uk: [
    "Ім'я|Прізвище|Електронна пошта|Країна|Місто|Поштовий індекс|Дата підпису|Коментар|Мова",
    "Прізвище та ім'я|Електронна адреса|Країна|Позначка часу",
  ],
}
const APART = ['first', 'last', 'email', 'country', null, 'postcode', 'date', 'comment', 'language']
const WHOLE = ['name', 'email', 'country', 'date']

/** As other programs and other people spell the same line. */
const spellings = (line: string, language: string) => [
  line,
  line.toLocaleUpperCase(language),
  line.toLocaleLowerCase(language),
  line.replaceAll(' ', '_'),
  line.replaceAll(' ', '-'),
  line.replaceAll('-', ' '),
  line.replaceAll(/[ -]/g, ''),
  line.replaceAll("'", '\u2019'),
  line.replaceAll("'", '\u02bc'),
  line.replaceAll(' ', '\u00a0'),
  line.replaceAll('|', ' *|'),
  line.normalize('NFD'),
]

describe('the first line of a file of signatures', () => {
  const fieldsOf = (line: string) =>
    mapColumns(line.split('|')).understood.map(({ field }) => field)

  for (const [language, [apart, whole]] of Object.entries(LINES)) {
    it(`is understood in every usual spelling: ${language}`, () => {
      for (const line of spellings(apart, language)) assert.deepEqual(fieldsOf(line), APART, line)
      for (const line of spellings(whole, language)) assert.deepEqual(fieldsOf(line), WHOLE, line)
      const [given, , email] = apart.split('|')
      const alone = fieldsOf(`${given}|${email}`)
      assert.ok(alone[0] === 'name' || alone[0] === 'first', 'a name that stands alone is one')
    })
  }

  it('is understood without the marks that a keyboard lacks, and with letters of another', () => {
    assert.deepEqual(
      fieldsOf('Imie|Nazwisko|Kraj|Jezyk|Data zlozenia podpisu').join(),
      'first,last,country,language,date',
    )
    assert.deepEqual(
      fieldsOf('ADI|SOYADI|E-POSTA|ULKE|ACIKLAMA').join(),
      'first,last,email,country,comment',
    )
    assert.deepEqual(
      fieldsOf('Ad|Soyad|E-poct|Olke|Serh').join(),
      'first,last,email,country,comment',
    )
    assert.deepEqual(
      fieldsOf('نام|نام\u200cخانوادگي|ايميل|كشور').join(),
      'first,last,email,country',
    )
    assert.deepEqual(fieldsOf('Фамилия|\u0415-mail|Е-почта'), ['last', 'email', null])
    assert.deepEqual(fieldsOf('Ім’я|Прізвище|\u0415-пошта|E-пошта'), [
      'first',
      'last',
      'email',
      null,
    ])
  })

  it('is in each language of the site, and no word of one means another thing in another', () => {
    assert.deepEqual(Object.keys(HEADINGS).sort(), Object.keys(LINES).sort())
    for (const [language, fields] of Object.entries(HEADINGS)) {
      for (const [kind, words] of Object.entries(fields)) {
        const expected = kind === 'whole' || kind === 'given' ? 'name' : kind
        for (const word of words.split(', '))
          assert.equal(fieldsOf(word)[0], expected, `${language} ${word}`)
      }
    }
    assert.deepEqual(fieldsOf('|*|Newsletter|Updates|City'), [null, null, null, null, null])
  })
})
