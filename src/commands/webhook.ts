import { type Command, InvalidArgumentError } from 'commander'
import type { Proposal } from '../actions/agreement.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { EVENTS, type ListedWebhook } from '../webhook/webhooks.ts'
import { asking } from './agree.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

const ROTATE_HOURS = 24
const MOST_HOURS = 24 * 14

const HELP = `
A webhook tells a system of yours what happens, by HTTPS, signed as standardwebhooks.com describes: the published
count has moved (once a minute at most), a milestone, an update, an answer, another state of the petition. Nothing of a
signer is ever sent. What can't be delivered is tried again for about three days. docs/webhooks.md has a receiver.`

export function addWebhookCommands(program: Command, open: Open): void {
  const webhook = program
    .command('webhook')
    .description('systems of yours that are told what happens')
    .addHelpText('after', HELP)

  webhook
    .command('add <address>')
    .description('tell the system at that address; prints the secret, which is shown this once')
    .option('--petition <slug>', 'of one petition; of all without it')
    .option('--events <events>', `some of ${EVENTS.join(', ')}; all without it`)
    .action((url: string, { petition: slug, events }: { petition?: string; events?: string }) =>
      open(async ({ petitions, webhooks }, by) => {
        const petition = slug === undefined ? null : await getPetition(petitions, slug)
        const wanted = events === undefined ? [...EVENTS] : events.split(',').map((one) => one.trim()) // biome-ignore format: one line
        const { id, secret } = await webhooks.add({ url, petition, events: wanted }, by)
        console.log(`Webhook   ${id}`)
        tellSecret(secret)
      }),
    )

  webhook
    .command('list')
    .description('webhooks with what waits, what failed, and when one was last delivered')
    .action(() =>
      open(async ({ petitions, webhooks }) => {
        const all = await webhooks.list()
        if (all.length === 0) console.log('There is no webhook.')
        const slugs = new Map((await petitions.all()).map(({ id, slug }) => [id, slug]))
        for (const one of all) console.log(toRow(cellsOf(one, slugs)))
      }),
    )

  webhook
    .command('test <webhook>')
    .description('send a message of the type "test" now, from this machine')
    .action((id: string) =>
      open(async ({ webhooks }, by) => {
        const why = await webhooks.test(readId(id), by)
        if (why) throw new CommandError(`webhook ${id} was not reached: ${escapeUnsafe(why)}`)
        console.log(`Webhook ${id} has taken the test.`)
      }),
    )

  webhook
    .command('pause <webhook>')
    .description('send nothing until it is resumed; events wait, of counts the newest')
    .action((id: string) =>
      open(async ({ webhooks }, by) => {
        await webhooks.pause(readId(id), by)
        console.log(`Webhook ${id} is paused.`)
      }),
    )

  webhook
    .command('resume <webhook>')
    .description('send what waits, and what comes')
    .action((id: string) =>
      open(async ({ webhooks }, by) => {
        const waiting = await webhooks.resume(readId(id), by)
        console.log(`Webhook ${id} goes on; ${waiting} waiting.`)
      }),
    )

  webhook
    .command('remove <webhook>')
    .description('forget it, with its secret and what waits for it')
    .option('--yes', 'do it unasked')
    .action((id: string, { yes }: { yes?: boolean }) =>
      open(async ({ webhooks }, by) => {
        const agree = asking<Proposal & { host: string | null }>({
          yes,
          question: ({ host }) =>
            `Forget webhook ${id}${host ? `, of ${host}` : ''}, and its secret?`,
          unasked: `nothing was done: add --yes to forget webhook ${id} and its secret`,
        })
        await webhooks.remove(readId(id), by, agree)
        console.log(`Webhook ${id} is removed.`)
      }),
    )

  webhook
    .command('rotate <webhook>')
    .description('make a new secret; the former one signs beside it for a while')
    .option('--hours <hours>', `for so many hours; 0: not at all`, readHours, ROTATE_HOURS)
    .action((id: string, { hours }: { hours: number }) =>
      open(async ({ webhooks }, by) => {
        tellSecret(await webhooks.rotate(readId(id), by, hours))
        console.log(`Former    signs for ${howMany(hours, 'more hour')}`)
      }),
    )

  webhook
    .command('failed [webhook]')
    .description('what was given up, after three days of tries')
    .action((id?: string) =>
      open(async ({ webhooks }) => {
        const failed = await webhooks.failed(id === undefined ? undefined : readId(id))
        if (failed.length === 0) console.log('Nothing has failed.')
        for (const { webhook_id, message_id, type, at, why } of failed) {
          console.log(toRow([webhook_id, message_id, type, at.toISOString(), why ?? '']))
        }
      }),
    )

  webhook
    .command('replay <webhook> [message]')
    .description('send again what failed, or the one message of that id, failed or delivered')
    .action((id: string, message?: string) =>
      open(async ({ webhooks }, by) => {
        const count = await webhooks.replay(readId(id), by, message ?? null)
        console.log(`${count} to be sent again.`)
      }),
    )
}

function tellSecret(secret: string): void {
  console.log(`Secret    ${secret}`)
  console.log('          It is not shown again: give it to the receiver now.')
}

const toRow = (cells: (string | number)[]) =>
  cells.map((cell) => escapeUnsafe(String(cell))).join('\t')

function cellsOf(one: ListedWebhook, slugs: Map<number, string>): (string | number)[] {
  const { id, url, petitionId, events, pausedAt, pausedWhy, waiting, failed, deliveredAt } = one
  const paused = pausedWhy ? `paused: ${pausedWhy}` : 'paused'
  return [
    id,
    url ?? 'an address that can’t be read: SECRET_KEY is another one',
    petitionId === null ? 'all petitions' : (slugs.get(petitionId) ?? petitionId),
    events.length === EVENTS.length ? 'all events' : events.join(','),
    pausedAt ? paused : 'on',
    `${waiting} waiting`,
    `${failed} failed`,
    deliveredAt ? `last ${deliveredAt.toISOString()}` : 'none delivered',
  ]
}

function readId(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new CommandError(`"${text}" is no webhook's number: "undersigned webhook list" shows them`)
}

function readHours(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= MOST_HOURS) return Number(text)
  throw new InvalidArgumentError(`It takes a whole number from 0 to ${MOST_HOURS}.`)
}
