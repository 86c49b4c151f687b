import type { Actor } from '../actions/note-action.ts'
import { type Imports, noBatch } from '../imported/imports.ts'
import { AFFIRMED } from '../imported/invite.ts'
import type { Origin } from '../imported/map-columns.ts'
import { sizeOf } from '../imported/open-file.ts'
import type { Petitions } from '../petition/petitions.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { type ProgressStream, showProgress } from '../platform/terminal/show-progress.ts'
import { stopWhenAsked } from '../platform/terminal/until-asked-to-stop.ts'
import { CommandError, getPetition } from './open-site.ts'
import { tellSurvey } from './tell-import.ts'

export interface InviteCommandOptions {
  weMayWrite?: boolean
  perMinute?: number
  language?: string
}

interface Needs {
  petitions: Petitions
  imports: Imports
}

/** Reads the file once to say what is in it, and with `apply` a second time to take it in. */
export async function importFile(
  { petitions, imports }: Needs,
  {
    slug,
    file: path,
    from: origin,
    apply = false,
    by,
  }: { slug: string; file: string; from: Origin; apply?: boolean; by: Actor },
  stderr: ProgressStream,
): Promise<void> {
  const petition = await getPetition(petitions, slug)
  imports.requireSealing(petition)
  const size = await sizeOf(path)
  await stopWhenAsked(async (signal) => {
    const reading = showProgress(size, stderr)
    const survey = await imports
      .survey(petition, { path, origin, signal, onBytes: reading.add })
      .finally(reading.end)
    for (const line of tellSurvey(survey)) console.log(line)
    const { batch } = survey
    if (batch?.endedAt) {
      console.log(`This file was taken in as batch ${batch.id}: there is nothing to do.`)
      return
    }
    if (!apply) {
      console.log('Nothing has happened yet: add --apply to take them in.')
      return
    }
    const working = showProgress(survey.rows, stderr)
    const taken = await imports
      .takeIn(petition, { path, origin, survey, signal, onRows: working.add }, by)
      .finally(working.end)
    console.log(
      `Batch ${taken.batch} has ${howMany(taken.signatures, 'person', 'people')}, sealed to the organisers.`,
    )
    console.log(
      'Keep the file offline, where it is safe, if you want to invite them; else delete it.',
    )
  })
}

export async function inviteBatch(
  { petitions, imports }: Needs,
  {
    slug,
    batch: given,
    file: path,
    weMayWrite = false,
    perMinute,
    language,
    by,
  }: InviteCommandOptions & {
    slug: string
    batch: string
    file: string
    by: Actor
  },
  stderr: ProgressStream,
): Promise<void> {
  const petition = await getPetition(petitions, slug)
  const id = toBatch(given)
  const batch = (await imports.list(petition)).find((each) => each.id === id)
  if (!batch) throw noBatch(petition, id)
  const { languages } = petition.settings
  if (language !== undefined && !languages.includes(language)) {
    throw new CommandError(`${slug} has no ${language}: --language takes ${languages.join(', ')}`)
  }
  imports.requireOpen(petition)
  const size = await sizeOf(path)
  console.log(`Not invited yet of batch ${id}: ${howMany(batch.uninvited, 'person', 'people')}.`)
  const agree = () => {
    if (weMayWrite) return true
    throw new CommandError(
      `nobody was invited: that needs a right to write to these people. If you can say “${AFFIRMED}”, add --we-may-write; it is noted who said so`,
    )
  }
  await stopWhenAsked(async (signal) => {
    const reading = showProgress(size, stderr)
    const { invited, ...order } = await imports
      .invite(
        petition,
        {
          path,
          batch,
          perMinute: perMinute ?? null,
          language: language ?? null,
          signal,
          onBytes: reading.add,
        },
        by,
        agree,
      )
      .finally(reading.end)
    console.log(
      `Added: ${howMany(invited, 'invitation')}. All that wait for ${slug} go out at most ${order.perMinute} a minute, behind all other mails.`,
    )
    if (invited === 0) return
    console.log(
      `What was added now and can't be sent by ${order.until.toISOString().slice(0, 10)}, as while ${slug} is paused or hidden, is given up then, and its addresses are erased.`,
    )
  })
}

/** @throws CommandError */
export function toBatch(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new CommandError(`"${text.slice(0, 20)}" is no batch: "import list" shows their numbers`)
}
