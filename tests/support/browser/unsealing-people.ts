import { typedNames } from '../names.ts'
import { type Keys, newKeys, sealedLine } from '../sealed-export.ts'

/** The organisers' keys: one at hand, one put away. */
export const keys = newKeys()
export const recovery = newKeys()
export const recipients = [recovery.recipient, keys.recipient]

/** The lines of an export in which each of the typed names has signed. */
export const sealPeople = () =>
  Promise.all(
    typedNames.map((name, index) => sealedLine(person(name, index), recipients, { index })),
  )

export function person(name: string, index: number) {
  return {
    id: String(index + 1),
    name,
    email: `signer.${index}+x@example.org`,
    normalisedEmail: `signer.${index}@example.org`,
    comment: index % 4 ? '' : `<img src=x onerror=alert(1)>\n"quoted", ${index}`,
    postcode: index === 2 ? '+48' : 'AZ1000',
    country: index % 3 === 1 ? 'DE' : 'AZ',
    display: index % 2 ? ('initials' as const) : ('hidden' as const),
    language: index % 2 ? 'az' : 'en',
    source: index === 0 ? '-2' : null,
    confirmedAt: new Date(Date.UTC(2026, 0, 2, 3, index)).toISOString(),
  }
}

/** As `undersigned keys generate` writes it. */
export function keyFile({ identity, recipient }: Keys): string {
  return `# created: 2026-01-01T00:00:00Z\n# public key: ${recipient}\n${identity}\n`
}
