import { recipientsOf } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { Recipients } from '../../sealing/recipients.ts'
import { unwrapTagKey } from '../../sealing/signer-details.ts'
import { type Finding, fault, ok, unchecked } from './finding.ts'

type Reads = Pick<Petitions, 'all'>

/** Whether SECRET_KEY is the one that the database was written with. */
export async function checkSecretKey(petitions: Reads, keyring: Keyring): Promise<Finding> {
  const about = 'SECRET_KEY'
  const wrapped = (await petitions.all()).flatMap(({ slug, tagKey }) =>
    tagKey ? [{ slug, tagKey }] : [],
  )
  if (wrapped.length === 0) return unchecked(about, 'no petition is open that it could be tried on')
  const strange = wrapped.filter(({ tagKey }) => {
    try {
      unwrapTagKey(keyring, tagKey)
      return false
    } catch {
      return true
    }
  })
  if (strange.length === 0) return ok(about, "the database's own")
  return fault(
    about,
    `it does not open what the database holds of ${strange.map(({ slug }) => slug).join(', ')}`,
    "set the site's own key, from the backup: under another nobody can confirm, withdraw or be sealed",
  )
}

/** Each petition's recipients: there are some, each holder has decrypted a challenge, none is the demonstration's. */
export async function checkRecipients(
  petitions: Reads,
  recipients: Pick<Recipients, 'listProved'>,
  { production }: { production: boolean },
): Promise<Finding[]> {
  const [all, proved] = await Promise.all([petitions.all(), recipients.listProved()])
  if (all.length === 0) return [unchecked("organisers' keys", 'no petition is published')]
  return all.map((petition) => {
    const about = `keys of ${petition.slug}`
    const keys = recipientsOf(petition)
    if (petition.settings.demoKey) {
      if (!production) return ok(about, "the demonstration's own")
      const found = "sealed to the demonstration's key, which lies on this server"
      return fault(
        about,
        found,
        'collect no real signatures with it: publish a petition of your own',
      )
    }
    if (keys.length === 0) {
      const found = 'it has no recipients, so what signers sent stays readable here'
      return fault(
        about,
        found,
        'make keys ("undersigned keys generate"), and publish it with them',
      )
    }
    const doubtful = keys.filter((key) => !proved.includes(key))
    if (doubtful.length > 0) {
      const found = `not proved: ${doubtful.map((key) => `${key.slice(0, 16)}…`).join(', ')}`
      return fault(
        about,
        found,
        'run "undersigned keys challenge", and "keys prove" with the answer',
      )
    }
    if (keys.length > 1) return ok(about, `${keys.length} keys, all proved`)
    return ok(about, 'proved; it is the only key: if its holder loses it, nobody reads the list')
  })
}
