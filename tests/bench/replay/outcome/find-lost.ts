import { addressHash, emailTag, unwrapTagKey } from '../../../../src/sealing/signer-details.ts'
import { API } from '../../speed/addresses.ts'
import type { Stage } from '../../speed/stage.ts'
import { addressOf } from '../crowd/requests.ts'
import { Did } from '../replay-task.ts'

/** What the site had said yes to and does not have; each should be 0. */
export interface Lost {
  signaturesWithoutRow: number
  signaturesWithoutMail: number
  confirmationsNotConfirmed: number
  confirmationsNotSealed: number
  confirmationsNotLogged: number
  /** By how many the count that is shown, and the one that the log certifies, differ from the rows. */
  countedWrong: number
  certifiedWrong: number
}

const CHUNK = 20_000
/** For what is shown to have been read anew. */
const SHOWN_AFTER_MS = 3000

/** Holds what was acknowledged to the rows, one by one. @param did see Played */
export async function findLost(stage: Stage, did: Uint8Array): Promise<Lost> {
  const petition = (await stage.site.petitions.find('cop29-baku'))!
  const tagKey = unwrapTagKey(stage.site.keyring, petition.tagKey!)
  const lost: Lost = {
    signaturesWithoutRow: 0,
    signaturesWithoutMail: 0,
    confirmationsNotConfirmed: 0,
    confirmationsNotSealed: 0,
    confirmationsNotLogged: 0,
    countedWrong: 0,
    certifiedWrong: 0,
  }
  for (let from = 0; from < did.length; from += CHUNK) {
    const signers = []
    for (let signer = from; signer < Math.min(from + CHUNK, did.length); signer++) {
      if (!(did[signer]! & Did.sign)) continue
      signers.push(signer)
      if (!(did[signer]! & Did.getMail)) lost.signaturesWithoutMail++
    }
    const tags = signers.map((each) => emailTag(tagKey, addressOf(each)))
    const addresses = signers.map((each) => addressHash(tagKey, addressOf(each)))
    const confirmed = signers.map((each) => Boolean(did[each]! & Did.confirm))
    const { rows } = await stage.sql.query(
      `select count(*) filter (where s.id is null and not exists (
                select from submission b where b.petition_id = $3 and b.address = sent.address
              ))::int as without_row,
              count(*) filter (where confirmed and s.state is distinct from 'confirmed')::int as unconfirmed,
              count(*) filter (where confirmed and r.signature_id is null)::int as unsealed,
              count(*) filter (where confirmed and p.signature_id is null)::int as unlogged
         from unnest($1::bytea[], $2::boolean[], $4::bytea[]) as sent (tag, confirmed, address)
         left join signature s on s.petition_id = $3 and s.tag = sent.tag
         left join sealed_record r on r.petition_id = $3 and r.signature_id = s.id
         left join log_place p on p.signature_id = s.id`,
      [tags, confirmed, petition.id, addresses],
    )
    lost.signaturesWithoutRow += rows[0].without_row
    lost.confirmationsNotConfirmed += rows[0].unconfirmed
    lost.confirmationsNotSealed += rows[0].unsealed
    lost.confirmationsNotLogged += rows[0].unlogged
  }
  return { ...lost, ...(await compareCounts(stage, petition.id)) }
}

async function compareCounts({ sql, port }: Stage, petitionId: number) {
  await new Promise((resolve) => setTimeout(resolve, SHOWN_AFTER_MS))
  const { rows } = await sql.query(
    `select count(*)::int from signature where petition_id = $1 and state = 'confirmed'`,
    [petitionId],
  )
  const answer = await fetch(`http://127.0.0.1:${port}${API}`)
  const { signatures, log } = (await answer.json()) as {
    signatures: { counted: number }
    log: { certified: number } | null
  }
  return {
    countedWrong: Math.abs(rows[0].count - signatures.counted),
    certifiedWrong: Math.abs(rows[0].count - (log?.certified ?? 0)),
  }
}
