import assert from 'node:assert/strict'
import { advanceLink, drawForCell, UNSEEN_CELL } from '../../src/count/guard-cells.ts'
import { DEMO, getDemo } from './demo.ts'
import type { Harness } from './harness.ts'
import { linkIn } from './mail-server.ts'

export interface FormFields {
  [field: string]: string
}

/** A person at the form: every field has a sensible value that a test may overwrite. */
export function form(fields: FormFields = {}): FormFields {
  return {
    name: 'Leyla Yunus',
    email: 'leyla@example.org',
    country: 'DE',
    display: 'hidden',
    consent: 'yes',
    ...fields,
  }
}

/** Sends a form as a browser without JavaScript would; redirects are not followed. */
export function post(harness: Harness, path: string, fields: FormFields, headers = {}) {
  return fetch(`${harness.origin}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields),
  })
}

/** With how many signatures through it a link's number is first shown, which only the server's key knows. */
export async function signaturesUntilShown(harness: Harness, code: string): Promise<number> {
  const { id } = await getDemo(harness)
  const draw = drawForCell(harness.site.keyring.figures, id, 'ref', code)
  let signatures = 1
  while (advanceLink(draw, UNSEEN_CELL, signatures).shown === 0) signatures++
  return signatures
}

export function get(harness: Harness, path: string, headers = {}) {
  return fetch(`${harness.origin}${path}`, { redirect: 'manual', headers })
}

export function sign(harness: Harness, fields: FormFields = {}, language = 'en', slug = DEMO) {
  return post(harness, `/${language}/p/${slug}/signatures`, form(fields))
}

/** The path of a mailed link; mails name the public address, tests talk to the port. */
export const pathOf = (url: string) => new URL(url).pathname

/** Signs and takes the link out of the mail. */
export async function signAndOpenMail(
  harness: Harness,
  fields: FormFields = {},
  language = 'en',
): Promise<string> {
  const answer = await sign(harness, fields, language)
  assert.equal(answer.status, 303, await answer.text())
  await harness.work()
  return mailedPath(harness, form(fields).email!, 'confirm')
}

/** The path of such a link in the newest mail to an address. */
export function mailedPath(
  { mail }: Harness,
  address: string,
  purpose: Parameters<typeof linkIn>[1],
): string {
  return pathOf(linkIn(mail.lastTo(address), purpose))
}

/** Asks for a link to withdraw and lets the job that mails it run, which waits for some seconds. */
export async function askToWithdraw(harness: Harness, email: string, language = 'en') {
  const answer = await post(harness, `/${language}/p/${DEMO}/withdraw`, { email })
  await harness.makeJobsDue()
  await harness.work()
  return answer
}

/** Asks for a link to withdraw and takes it out of the mail. */
export async function openWithdrawalMail(harness: Harness, email: string): Promise<string> {
  const answer = await askToWithdraw(harness, email)
  assert.equal(answer.status, 200)
  return mailedPath(harness, email, 'withdraw')
}

/** Withdraws by mail, and counts. @returns the path of the link */
export async function withdraw(harness: Harness, email: string): Promise<string> {
  const link = await openWithdrawalMail(harness, email)
  assert.equal((await post(harness, link, {})).status, 303)
  await harness.tally()
  return link
}

export function confirm(harness: Harness, path: string, decision = 'confirm') {
  return post(harness, path, { decision })
}

/** Signs, confirms and counts. @returns the path of the thanks page */
export async function signAndConfirm(
  harness: Harness,
  fields: FormFields = {},
  language = 'en',
): Promise<string> {
  const answer = await confirm(harness, await signAndOpenMail(harness, fields, language))
  assert.equal(answer.status, 303)
  await harness.tally()
  return answer.headers.get('location')!
}

/** The count in the database's table `tally`. */
export async function counted(harness: Harness, slug = DEMO): Promise<number> {
  const petition = await harness.site.petitions.find(slug)
  return (await harness.site.counts.shown(petition!.id)).counted
}
