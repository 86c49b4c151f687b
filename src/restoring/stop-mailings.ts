import type { Db } from '../database.ts'
import { forgetAllInvitations } from '../imported/invitation.queries.ts'
import { pauseBroadcasts } from '../update/mail/broadcast.queries.ts'

/**
 * Of a restored database, also of one whose log lacks nothing: some mails may have gone out since the backup. A mailing
 * waits for an organiser's word; invitations, which go out once, are given up.
 */
export async function stopMailings(trx: Db): Promise<void> {
  await pauseBroadcasts(trx)
  await forgetAllInvitations(trx)
}
