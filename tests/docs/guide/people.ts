import { form } from '../../support/signer.ts'
import { until } from '../../support/until.ts'

const PATIENCE = { withinMs: 60_000, everyMs: 300 }
const NAMES = [
  ['Ines Moser', 'AT'],
  ['Jakub Wrona', 'PL'],
  ['Мария Лескова', 'DE'],
  ['Tomás Aguirre', 'ES'],
  ['Ayla Dəmirova', 'AZ'],
  ['Hanne Lind', 'NO'],
] as const
const COMMENTS = [
  'I swam here as a child. My daughter should, too.',
  'The plans are ready. Decide!',
  'My café at the bank has empty tables each July.',
]
export const PEOPLE = 24

export interface Place {
  origin: string
  inbox: string
}

/** People sign and confirm: some named, some with a comment, some who want to hear more. */
export async function letPeopleSign({ origin, inbox }: Place, petition: string): Promise<void> {
  // What was published a moment ago is read by the program within some seconds.
  await until(async () => (await fetch(`${origin}${petition}`)).ok, PATIENCE)
  for (let nth = 0; nth < PEOPLE; nth++) {
    const [name, country] = NAMES[nth % NAMES.length]!
    await sign(`${origin}${petition}`, {
      name,
      country,
      email: `signer-${nth}@example.org`,
      ...(nth < NAMES.length ? { display: 'name' } : {}),
      ...(COMMENTS[nth] ? { comment: COMMENTS[nth] } : {}),
      ...(nth % 3 === 0 ? { updates: 'yes' } : {}),
    })
  }
  for (const link of await mailedLinks(inbox, PEOPLE)) {
    await post(`${origin}${new URL(link).pathname}`, { decision: 'confirm' })
  }
  const isCertified = async () =>
    (await read(`${origin}${petition}`)).includes(`>${PEOPLE} certified in the public log<`)
  await until(isCertified, PATIENCE)
}

export const sign = (page: string, fields: Record<string, string>) =>
  post(`${page}/signatures`, form(fields))

/** @returns the links to confirm that were mailed, the newest first, once there are that many */
export async function mailedLinks(inbox: string, many: number): Promise<string[]> {
  let links: string[] = []
  await until(async () => {
    const mails = [...(await read(inbox)).matchAll(/href="(\/mail\/[^"]+)"/g)]
    const texts = await Promise.all(mails.map(([, path]) => read(`${inbox}${path}`)))
    links = texts.flatMap(
      (text) => /http[^\s"<]+\/confirm\/[^\s"<]+/.exec(text.replaceAll('&#x3D;', '='))?.[0] ?? [],
    )
    return links.length >= many
  }, PATIENCE)
  return links
}

/** @returns where the answer leads */
export async function post(address: string, fields: Record<string, string>): Promise<string> {
  const answer = await fetch(address, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(fields),
  })
  if (answer.status !== 303) throw new Error(`${address} answers with ${answer.status}`)
  return answer.headers.get('location')!
}

const read = async (address: string) => (await fetch(address)).text()
