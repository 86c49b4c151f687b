import type { Imports } from '../imported/imports.ts'
import { SEND_INVITATIONS, type SendInvitationsJob } from '../imported/send-invitations.ts'
import type { Task } from '../platform/jobs/start-worker.ts'

/** Among the tasks below, those that mail. */
export const INVITATION_MAILS = [SEND_INVITATIONS]

export const importTasks = ({ imports }: { imports: Imports }): Record<string, Task> => ({
  [SEND_INVITATIONS]: (payload) => imports.send(payload as SendInvitationsJob),
  'tend-imports': () => imports.tend(),
})
