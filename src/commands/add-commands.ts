import type { Command } from 'commander'
import type { Open } from './open-site.ts'

type Add = (program: Command) => unknown

/** These run the site: main.ts adds them. */
const ROLES = ['start', 'web', 'worker']

/**
 * Adds the commands beside those that run the site: where one was called, that one alone, since loading all
 * of them takes a second; else every one, for the help.
 *
 * @param called the command line's first word, if any
 */
export async function addCommands(
  program: Command,
  called: string | undefined,
  untilAskedToStop: () => Promise<void>,
): Promise<void> {
  if (called !== undefined && ROLES.includes(called)) return
  const all = commands(untilAskedToStop)
  const meant = called === undefined ? undefined : all.get(called)
  for (const load of meant ? [meant] : new Set(all.values())) (await load())(program)
}

/** By name, in the order of the help. */
function commands(untilAskedToStop: () => Promise<void>): Map<string, () => Promise<Add>> {
  const unseal = async () =>
    (await import('../offline/unseal/unseal.commands.ts')).addUnsealCommands
  return new Map<string, () => Promise<Add>>([
    ['doctor', async () => (await import('./doctor.ts')).addDoctorCommand],
    ['migrate', async () => (await import('./migrate.ts')).addMigrateCommand],
    [
      'petition',
      async () => {
        const [{ addPetitionCommands }, { open }] = await Promise.all([
          import('./petition.ts'),
          import('./open-site.ts'),
        ])
        return (program) => addPetitionCommands(program, open, untilAskedToStop)
      },
    ],
    [
      'update',
      async () => {
        const [{ addUpdateCommands }, { open }] = await Promise.all([
          import('./update.ts'),
          import('./open-site.ts'),
        ])
        return (program) => addUpdateCommands(program, open, untilAskedToStop)
      },
    ],
    ['share', opening(async () => (await import('./share.ts')).addShareCommand)],
    ['link', opening(async () => (await import('./link.ts')).addLinkCommands)],
    [
      'moderation',
      opening(async () => (await import('./moderation-queue.ts')).addModerationCommands),
    ],
    ['comment', opening(async () => (await import('./moderation.ts')).addCommentCommands)],
    ['name', opening(async () => (await import('./moderation.ts')).addNameCommands)],
    ['target', opening(async () => (await import('./target.ts')).addTargetCommands)],
    ['held', opening(async () => (await import('./held.ts')).addHeldCommands)],
    ['alert', opening(async () => (await import('./alert.ts')).addAlertCommands)],
    ['quarantine', opening(async () => (await import('./quarantine.ts')).addQuarantineCommands)],
    ['tags', opening(async () => (await import('./tags.ts')).addTagsCommand)],
    ['subscriber', opening(async () => (await import('./subscriber.ts')).addSubscriberCommands)],
    ['webhook', opening(async () => (await import('./webhook.ts')).addWebhookCommands)],
    ['keys', opening(async () => (await import('./keys.ts')).addKeysCommands)],
    ['action', opening(async () => (await import('./action.ts')).addActionCommands)],
    ['log', opening(async () => (await import('./log.ts')).addLogCommands)],
    ['mirror', opening(async () => (await import('./mirror.ts')).addMirrorCommands)],
    ['backup', async () => (await import('./backup.ts')).addBackupCommands],
    ['restore', async () => (await import('./restore.ts')).addRestoreCommand],
    ['unseal', unseal],
    ['reseal', unseal],
    ['export', opening(async () => (await import('./export.ts')).addExportCommands)],
    ['deliver', opening(async () => (await import('./deliver.ts')).addDeliverCommands)],
    ['paper', opening(async () => (await import('./paper.ts')).addPaperCommands)],
    ['import', opening(async () => (await import('./import.ts')).addImportCommands)],
    ['unsealing-page', async () => (await import('./hand-outs.ts')).addUnsealingPageCommand],
    ['verify', loadVerify],
    ['verifier', async () => (await import('./hand-outs.ts')).addVerifierCommand],
    ['audit', async () => (await import('../offline/audit/audit.commands.ts')).addAuditCommands],
    ['void', opening(async () => (await import('./void.ts')).addVoidCommand)],
    [
      'witness',
      async () => {
        const { addWitnessCommand } = await import('../offline/witness/witness.command.ts')
        return (program) => addWitnessCommand(program, untilAskedToStop)
      },
    ],
  ])
}

/** For commands that need the database, and so most of the program. */
function opening(
  load: () => Promise<(program: Command, open: Open) => unknown>,
): () => Promise<Add> {
  return async () => {
    const [add, { open }] = await Promise.all([load(), import('./open-site.ts')])
    return (program) => add(program, open)
  }
}

async function loadVerify(): Promise<Add> {
  const [{ defineVerify }, { defaultStateFolder }] = await Promise.all([
    import('../offline/verify/verify.command.ts'),
    import('../offline/verify/kept-log.ts'),
  ])
  // npm sets this in its scripts; in the image and elsewhere Node.js runs the program directly.
  const started = process.env.npm_lifecycle_event
    ? 'npm run undersigned --'
    : 'node dist/src/main.js'
  const settings = {
    called: `${started} verify`,
    stateFolder: defaultStateFolder(process.env),
  }
  return (program) => defineVerify(program.command('verify'), settings)
}
