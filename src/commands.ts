import type { Command } from 'commander'
import type { Open } from './command.ts'

type Add = (program: Command) => unknown

/** The three that run the site: main.ts adds them. */
const ROLES = ['start', 'web', 'worker']

/**
 * Adds the commands beside those that run the site: where the name of one was called, only what belongs to
 * it, since loading all of them takes a second; else every one, for the help.
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
  const unseal = async () => (await import('./sealing/unseal/unseal.commands.ts')).addUnsealCommands
  return new Map<string, () => Promise<Add>>([
    ['migrate', async () => (await import('./migrate.command.ts')).addMigrateCommand],
    [
      'petition',
      async () => {
        const [{ addPetitionCommands }, { open }] = await Promise.all([
          import('./petition/publishing/petition.commands.ts'),
          import('./command.ts'),
        ])
        return (program) => addPetitionCommands(program, open, untilAskedToStop)
      },
    ],
    ['link', opening(async () => (await import('./sharing/link.commands.ts')).addLinkCommands)],
    [
      'comment',
      opening(
        async () =>
          (await import('./confirmation/public/moderation.commands.ts')).addCommentCommands,
      ),
    ],
    [
      'name',
      opening(
        async () => (await import('./confirmation/public/moderation.commands.ts')).addNameCommands,
      ),
    ],
    ['tags', opening(async () => (await import('./signature/tags.command.ts')).addTagsCommand)],
    [
      'subscriber',
      opening(
        async () => (await import('./supporter/subscriber.commands.ts')).addSubscriberCommands,
      ),
    ],
    [
      'keys',
      opening(async () => (await import('./sealing/keys/keys.commands.ts')).addKeysCommands),
    ],
    ['log', opening(async () => (await import('./log/log.commands.ts')).addLogCommands)],
    ['unseal', unseal],
    ['reseal', unseal],
    ['export', opening(loadExport)],
    [
      'unsealing-page',
      async () =>
        (await import('./sealing/page/unsealing-page.command.ts')).addUnsealingPageCommand,
    ],
    ['verify', loadVerify],
    [
      'verifier',
      async () => (await import('./log/verify/single-file/verifier.command.ts')).addVerifierCommand,
    ],
    ['audit', async () => (await import('./log/audit/audit.commands.ts')).addAuditCommands],
    ['void', opening(async () => (await import('./voiding/void.commands.ts')).addVoidCommand)],
    [
      'witness',
      async () => {
        const { addWitnessCommand } = await import('./log/witness/witness.command.ts')
        return (program) => addWitnessCommand(program, untilAskedToStop)
      },
    ],
  ])
}

/** For those that need the database, and so most of the program. */
function opening(
  load: () => Promise<(program: Command, open: Open) => unknown>,
): () => Promise<Add> {
  return async () => {
    const [add, { open }] = await Promise.all([load(), import('./command.ts')])
    return (program) => add(program, open)
  }
}

/** Two rooms have something to export. */
async function loadExport() {
  const [{ addExportCommands }, { addExportSignaturesCommand }] = await Promise.all([
    import('./export/export.commands.ts'),
    import('./sealing/export/export-signatures.command.ts'),
  ])
  return (program: Command, open: Open) =>
    addExportSignaturesCommand(addExportCommands(program, open), open)
}

async function loadVerify(): Promise<Add> {
  const [{ defineVerify }, { defaultStateFolder }] = await Promise.all([
    import('./log/verify/verify.command.ts'),
    import('./log/verify/state/kept-log.ts'),
  ])
  // npm's own name of the script; in the image and elsewhere Node.js is asked directly.
  const started = process.env.npm_lifecycle_event
    ? 'npm run undersigned --'
    : 'node dist/src/main.js'
  const settings = {
    called: `${started} verify`,
    stateFolder: defaultStateFolder(process.env),
  }
  return (program) => defineVerify(program.command('verify'), settings)
}
