import type { FastifyBaseLogger } from 'fastify'
import { type Agree, type Proposal, requireAgreement } from '../actions/agreement.ts'
import { type Actor, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { readSnapshot } from '../platform/database/connect.ts'
import { tellOpenLinks } from '../signature/open-links.ts'
import { type GatherNeeds, gatherDelivery } from './gather-delivery.ts'
import { type KitOptions, makeKit, writeMessages } from './make-kit.ts'
import { type ListNeeds, makeList } from './make-list.ts'
import { makePack, type PackNeeds, type PackOptions } from './make-pack.ts'
import { createPosters } from './posters.ts'
import { writeSheet } from './write-sheet.ts'

interface Needs extends GatherNeeds, PackNeeds, ListNeeds {
  db: Db
  clock: Clock
  logger: Pick<FastifyBaseLogger, 'warn'>
  config: { publicUrl: string }
  publicLog: GatherNeeds['publicLog'] & PackNeeds['publicLog']
  papers: GatherNeeds['papers'] & ListNeeds['papers']
}

type Write = (zip: AsyncIterable<Uint8Array>) => Promise<void>

export type DeliveryRoom = ReturnType<typeof createDelivery>

/** The room of what organisers hand over: letters, figures, proofs, the sealed list; and sheets to sign on paper. */
export function createDelivery(needs: Needs) {
  const { db, clock, config } = needs
  return {
    /**
     * @param write takes each ZIP as it comes, both as the database is at one moment: what is handed over, and what the
     * organisers keep, which is left out where nobody takes it
     * @param asked `agree` is asked while the number may still grow
     * @throws NotAgreedError, DeliveryError, MissingLettersError, ZipTooLargeError
     */
    async pack(
      petition: Petition,
      { by, agree, ...options }: PackOptions & { by: Actor; agree: Agree<Proposal> },
      write: { pack: Write; list: Write | null },
    ) {
      const open = await tellOpenLinks(db, petition, clock)
      if (open) await requireAgreement(agree, { losses: [open] })
      return readSnapshot(db, async (trx) => {
        const asked = { petition, made: clock.now(), site: config.publicUrl }
        const delivery = await gatherDelivery(trx, needs, asked)
        const { certified } = delivery
        const hasSealed =
          petition.settings.recipients.length > 0 || delivery.paper.some(({ size }) => size > 0)
        const withList = write.list !== null && hasSealed
        const after = { certified, withList, ...(open && { open }) }
        await noteAction(db, { clock, by }, { what: 'deliver pack', petition, after })
        await write.pack(makePack(trx, needs, delivery, options))
        if (withList) await write.list?.(makeList(trx, needs, delivery))
        return { certified, withList, open }
      })
    },
    /** A PDF. @param languages of the petition's */
    sheet: (petition: Petition, languages: readonly string[]) =>
      writeSheet({ petition, made: clock.now(), site: config.publicUrl }, languages),
    poster: createPosters(needs),
    /** A ZIP of what is passed on. @throws MissingLettersError */
    kit: (petition: Petition, options: KitOptions) =>
      makeKit({ ...options, petition, made: clock.now(), site: config.publicUrl }),
    /** For every channel, as text. */
    messages: (petition: Petition, of: { language: string; code: string | null }) =>
      writeMessages({ petition, site: config.publicUrl, code: of.code }, of.language),
  }
}
