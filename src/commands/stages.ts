import { type Command, Option } from 'commander'
import { PAUSE_REASONS, type PauseReason } from '../petition/pause.ts'
import { CommandError, type Open } from './open-site.ts'

const PAUSE_HELP = `
The page says why, in the reader's language:

  text        the organisers are correcting the text
  flood       an unusual number of forms has arrived, and is looked into first
  technical   a technical fault is being mended
  organisers  no reason is given

or in your own words, in each of its languages: --say en="…" --say az="…". Mails under way may still be confirmed.`

const HIDE_HELP = `
Its texts are shown nowhere, and every link to it says that it is not shown at present. It takes no forms, and mailed links
to confirm wait until it is shown again. Signers can still withdraw, its figures stay in the API, and its entries in the
log stay where they are.`

export function addStageCommands(petition: Command, open: Open): void {
  petition
    .command('pause <slug>')
    .description('take no forms for the moment, and say why')
    .addOption(new Option('--reason <reason>', 'why').choices(PAUSE_REASONS).default('organisers'))
    .option('--say <lang=words>', 'in your own words; once a language', collectWords)
    .addHelpText('after', PAUSE_HELP)
    .action((slug: string, { reason, say = {} }: { reason: PauseReason; say?: Words }) =>
      open(async ({ publishing }, by) => {
        await publishing.pause(slug, by, { reason, words: say })
        console.log(`Signing ${slug} is paused. To go on: undersigned petition resume ${slug}`)
      }),
    )

  petition
    .command('resume <slug>')
    .description('take forms again, after "pause"')
    .action((slug: string) =>
      open(async ({ publishing }, by) => {
        await publishing.resume(slug, by)
        console.log(`Signing ${slug} goes on.`)
      }),
    )

  petition
    .command('hide <slug>')
    .description('show its texts nowhere, and say so to all who follow a link to it')
    .addHelpText('after', HIDE_HELP)
    .action((slug: string) =>
      open(async ({ publishing }, by) => {
        await publishing.hide(slug, by)
        console.log(`${slug} is hidden. To show it again: undersigned petition show ${slug}`)
      }),
    )

  petition
    .command('show <slug>')
    .description('show it again, after "hide"')
    .action((slug: string) =>
      open(async ({ publishing }, by) => {
        await publishing.show(slug, by)
        console.log(`${slug} is shown again.`)
      }),
    )
}

export type Words = Record<string, string>

/** `en=words`, once a language. */
export function collectWords(text: string, before: Words = {}): Words {
  const [, language, words] = /^([a-zA-Z-]{2,35})=(.+)$/s.exec(text) ?? []
  if (!language || !words)
    throw new CommandError(`"${text.slice(0, 40)}" names no language: write en="…"`)
  return { ...before, [language]: words }
}
