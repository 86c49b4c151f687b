import { type Agree, type Proposal, whenAgreed } from '../actions/agreement.ts'
import type { Acting, Actor } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { type PetitionFiles, readPetitionFolder } from '../petition/files/petition-files.ts'
import { lockPublishing } from '../petition/petition-rows.ts'
import type { Petitions } from '../petition/petitions.ts'
import { type EncodedPicture, encodePicture } from '../picture/encode-picture.ts'
import { tellSmall } from '../picture/picture.ts'
import { listSources } from '../picture/store-pictures.ts'
import type { Clock } from '../platform/clock.ts'
import { hasSqlState } from '../platform/database/sql-state.ts'
import type { Keyring } from '../platform/keyring.ts'
import { newTagKey, wrapTagKey } from '../sealing/signer-details.ts'
import type { Targets } from '../target/targets.ts'
import { publishDue } from './announce.ts'
import { chooseRecipients } from './choose-recipients.ts'
import { DEMO } from './demo-folders.ts'
import {
  archiving,
  closing,
  type DeleteOutcome,
  deleting,
  type Ending,
  reopenPetition,
} from './end-petition.ts'
import { publishTargets, readFolderTargets } from './folder-targets.ts'
import {
  type DeliveryMark,
  encodeGiven,
  type GivenPicture,
  type Marking,
  markAnswered,
  markingDelivered,
  unmark,
} from './mark-delivered.ts'
import { changePreview, previewToken } from './preview-link.ts'
import { type Published, publishPetition } from './publish-petition.ts'
import { hidePetition, pausePetition, resumePetition, showPetition } from './stage.ts'
import { type Changes, surveyChanges } from './survey-changes.ts'
import type { PublishAs } from './terms.ts'

interface PublishingNeeds {
  config: { production: boolean; dataDir: string }
  db: Db
  clock: Clock
  keyring: Keyring
  petitions: Pick<Petitions, 'drop'>
  targets: Pick<Targets, 'drop'>
}

interface PublishOptions {
  by: Actor
  /** A draft, or published by itself at a time; else public at once. */
  as?: PublishAs
  /** The demonstration has no keys of its own. */
  isDemo?: boolean
  agree: Agree<Changes>
}

export type Publishing = ReturnType<typeof createPublishing>

/** The life of a petition: published from a folder, closed, reopened, archived or deleted. */
export function createPublishing(needs: PublishingNeeds) {
  const { db, clock, petitions } = needs
  const dropped = async <T>(work: Promise<T>): Promise<T> => {
    const outcome = await work
    petitions.drop()
    needs.targets.drop()
    return outcome
  }
  const change = <T>(work: (trx: Db) => Promise<T>): Promise<T> =>
    dropped(db.transaction().execute(work))
  /** @throws PetitionFilesError naming file and field, NotAgreedError */
  const publish = async (
    folder: string,
    { by, as = 'published', isDemo = false, agree }: PublishOptions,
  ) => {
    const files = await readPetitionFolder(folder)
    Object.assign(
      files.settings,
      await chooseRecipients(needs, files, { isDemo, isDraft: as === 'draft' }),
    )
    const asked = await readFolderTargets(folder)
    const encoded = await encodeNew(db, files)
    const small = listSmall(files, encoded)
    const makeTagKey = () => wrapTagKey(needs.keyring, newTagKey())
    const now = clock.now()
    return dropped(
      whenAgreed<Changes, never, Published>(db, agree, {
        async survey(trx) {
          await lockPublishing(trx, files.slug)
          return { ...(await surveyChanges(trx, now, files, as, asked)), small }
        },
        async work(trx, { targets }) {
          const made = await publishPetition(trx, { clock, by, makeTagKey, encoded }, files, as)
          if (asked && targets) await publishTargets(trx, { clock, by }, made.slug, asked, targets)
          return made
        },
      }),
    )
  }
  /** A verb that states what it needs, bound to this room. */
  const bind =
    <Rest extends unknown[], Result>(
      verb: (trx: Db, acting: Acting, slug: string, ...rest: Rest) => Promise<Result>,
    ) =>
    (slug: string, by: Actor, ...rest: Rest): Promise<Result> =>
      change((trx) => verb(trx, { clock, by }, slug, ...rest))
  /** A verb that asks before it ends something. */
  const bindEnd =
    <Shown extends Proposal, Refused extends string, Done extends string>({
      survey,
      work,
    }: Ending<Shown, Refused, Done>) =>
    (slug: string, by: Actor, agree: Agree<Shown>): Promise<Done | Refused> =>
      dropped(
        whenAgreed<Shown, Refused, Done>(db, agree, {
          survey: (trx) => survey(trx, clock, slug),
          work: (trx) => work(trx, { clock, by }, slug),
        }),
      )
  return {
    publish,
    /** Publishes the drafts whose time has come: a job. */
    async publishDue() {
      const published = await publishDue(db, clock)
      if (published.length > 0) petitions.drop()
      return published
    },
    /** A new address for a draft's preview, in place of the former; null where it is withdrawn. */
    async changePreview(slug: string, by: Actor, days: number) {
      const made = await bind(changePreview)(slug, by, days)
      return made && { ...made, token: previewToken(needs.keyring, made.id) }
    },
    tokenOf: ({ id }: { id: string }) => previewToken(needs.keyring, id),
    pause: bind(pausePetition),
    resume: bind(resumePetition),
    hide: bind(hidePetition),
    show: bind(showPetition),
    /**
     * @param agree is asked while links still confirm
     * @returns what to say of a picture that is small. @throws PictureError, StageError, NotAgreedError
     */
    async markDelivered(
      slug: string,
      by: Actor,
      { picture, ...words }: Omit<DeliveryMark, 'picture'> & { picture?: GivenPicture | null },
      agree: Agree<Proposal>,
    ): Promise<string | null> {
      const given = picture && (await encodeGiven(db, slug, picture))
      const mark = { ...words, picture: given }
      const acting = { clock, by }
      await dropped(
        whenAgreed<Marking, never, void>(db, (shown) => shown.losses.length === 0 || agree(shown), {
          survey: (trx) => markingDelivered.survey(trx, acting, slug, mark),
          work: (trx, shown) => markingDelivered.work(trx, acting, shown, mark),
        }),
      )
      return picture && given ? tellSmall(picture.name, given.encoded.picture) : null
    },
    markAnswered: bind(markAnswered),
    unmark: bind(unmark),
    /** The first campaign, which every newcomer sees; publishing it again changes nothing. */
    publishDemo: (by: Actor) => publish(DEMO, { by, isDemo: true, agree: () => true }),
    close: bindEnd(closing),
    reopen: bind(reopenPetition),
    archive: bindEnd(archiving),
    delete: (slug: string, by: Actor, agree: Agree<Proposal>): Promise<DeleteOutcome> =>
      bindEnd(deleting)(slug, by, agree).catch((error: unknown) => {
        if (hasSqlState(error, 'foreignKeyViolation')) return 'signed'
        throw error
      }),
  }
}

/**
 * Before the transaction, since it takes seconds. What is there stays as it was encoded, so that publishing the same
 * files again changes nothing.
 * @throws PictureError naming the file
 */
async function encodeNew(db: Db, { slug, pictures }: PetitionFiles) {
  const known = await listSources(db, slug)
  const encoded = new Map<string, EncodedPicture>()
  for (const { name, source, bytes } of pictures) {
    if (!known.has(source)) encoded.set(source, await encodePicture(name, bytes))
  }
  return encoded
}

/** What to say of pictures that are new. */
const listSmall = ({ pictures }: PetitionFiles, encoded: ReadonlyMap<string, EncodedPicture>) =>
  pictures.flatMap(({ name, source }) => {
    const made = encoded.get(source)
    return (made && tellSmall(name, made.picture)) ?? []
  })
