import type { FrameLocator, Page } from 'playwright-core'
import { languages, translator } from '../../../src/platform/i18n/translate.ts'
import { runSql } from '../test-database.ts'
import type { LiveSite } from './live-site.ts'

export const PETITION = 'cop29-baku'

export const petitionPath = (language: string) => `/${language}/p/${PETITION}`

/** What people look at: a page, or one in another site's page. */
type Shown = Page | FrameLocator

export interface Person {
  language: string
  name: string
  email: string
  country: string
  comment?: string
  postcode?: string
  display?: 'initials' | 'name'
}

/** Names as people of each language write them. */
export const signers: Readonly<Record<string, string>> = {
  en: 'Margaret O’Neill-Żółć',
  az: 'Əli Şıxəliyev',
  ru: 'Мария Иванова',
  be: 'Ўладзімір Ігнацік',
  uk: 'Ґалаґан Їжакевич',
  pl: 'Żaneta Gżegżółka-Ślęzak',
  de: 'Jürgen Großmüller',
  fr: 'Chloë L’Hôte-Lefœuvre',
  es: 'Íñigo Muñoz Agüero',
  tr: 'İpek Çığlı Şahin',
  ka: 'ნინო ჭავჭავაძე',
  fa: 'شیرین Margaret عبادی',
}

/** Finds fields as people do: by the words at them. */
export async function fillIn(page: Shown, person: Person): Promise<void> {
  const t = translator(person.language)
  await page.getByLabel(t('form.name.label'), { exact: true }).fill(person.name)
  await page.getByLabel(t('form.email.label'), { exact: true }).fill(person.email)
  // Those who are asked have a list of countries, too.
  const form = page.locator('form:has(#field-email)')
  await form.getByLabel(t('form.country.label'), { exact: true }).selectOption(person.country)
  if (person.postcode) await page.getByLabel(t('form.postcode.label')).fill(person.postcode)
  if (person.comment) await writeComment(page, person.language, person.comment)
  if (person.display) {
    await page.getByLabel(t(`form.display.${person.display}.label`), { exact: true }).check()
  }
}

/** Behind a disclosure, which stands open once something is in it. */
export async function writeComment(page: Shown, language: string, text: string): Promise<void> {
  const t = translator(language)
  const field = page.getByLabel(t('form.comment.label'), { exact: true })
  if (!(await field.isVisible())) await page.getByText(t('form.comment.add')).click()
  await field.fill(text)
}

const REASONS = Object.fromEntries(languages.map((language) => [language, 'We ask for it.']))

/** As petitions do whose petition.yaml says why; the demonstration doesn't. */
export async function askForPostcode({ databaseUrl }: { databaseUrl: string }): Promise<void> {
  const reasons = JSON.stringify(REASONS)
  await runSql(
    databaseUrl,
    `update petition set settings = jsonb_set(settings, '{postcode}', '${reasons}')`,
  )
}

export async function consent(page: Shown, { language }: Person): Promise<void> {
  await page.getByLabel(translator(language)('form.consent.label')).check()
}

/** Presses the button that says this, for example `confirm.submit`. */
export async function press(page: Shown, language: string, key: string): Promise<void> {
  await button(page, language, key).click()
}

export const button = (page: Shown, language: string, key: string) =>
  page.getByRole('button', { name: translator(language)(key), exact: true })

/** Waits until the page that says this on top is there. */
export async function seeHeading(page: Shown, language: string, key: string): Promise<void> {
  const name = translator(language)(key)
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
}

/** Signs on the petition's page that is open, reads the mail, opens its link and confirms. */
export async function signAndConfirm(page: Page, site: LiveSite, person: Person): Promise<void> {
  await fillIn(page, person)
  await consent(page, person)
  await press(page, person.language, 'form.submit')
  await seeHeading(page, person.language, 'checkEmail.heading')
  await page.goto(await site.linkMailedTo(person.email, 'confirm'))
  await seeHeading(page, person.language, 'confirm.heading')
  await press(page, person.language, 'confirm.submit')
  await seeHeading(page, person.language, 'thanks.heading')
}

/** The share link on the thanks page that is open. */
export const personalLink = (page: Page) => page.locator('#share-link').inputValue()

/** The lists of languages, on top of each page and at the foot of each form, are closed at first. */
export async function openLanguages(page: Page, within: '.masthead' | 'form'): Promise<void> {
  const list = page.locator(`${within} details`).filter({ has: page.locator('[lang]') })
  if ((await list.getAttribute('open')) === null) await list.locator('summary').click()
}
