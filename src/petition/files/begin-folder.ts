import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { languages as siteLanguages } from '../../platform/i18n/translate.ts'
import { accents, LANGUAGE, SLUG, SLUG_MAX } from './petition-files.schema.ts'
import { PetitionFilesError } from './read-source.ts'
import { CHANNELS } from './share-fields.ts'

interface Begun {
  slug: string
  /** Languages that the site doesn't speak yet: each has its file, and waits. */
  unspoken: string[]
}

/**
 * Makes a new folder with a template that explains itself. It can't be published while a placeholder is
 * left.
 *
 * @param languages the first is the default
 * @throws PetitionFilesError when the folder is there already, its name can't be an address, or a language is unknown
 */
export async function beginFolder(folder: string, languages: string[]): Promise<Begun> {
  const slug = basename(resolve(folder))
  if (!SLUG.test(slug) || slug.length > SLUG_MAX) {
    throw new PetitionFilesError(
      `"${slug}" can't be a petition's address, which a new folder's name becomes: use lower-case letters, digits and single hyphens, at most ${SLUG_MAX} in all`,
    )
  }
  const wanted = [...new Set(languages)]
  const wrong = wanted.find((language) => !LANGUAGE.test(language) || !nameOf(language))
  if (wrong !== undefined || wanted.length === 0) {
    throw new PetitionFilesError(
      `--languages has "${wrong ?? ''}", which is no language: give codes such as en,fr, the petition's default first`,
    )
  }
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'is already there' : `can't be made (${error.code})`
    throw new PetitionFilesError(`${folder} ${why}: name a new folder in one that is there`)
  })
  const spoken = wanted.filter((language) => siteLanguages.includes(language))
  const unspoken = wanted.filter((language) => !spoken.includes(language))
  // If the site speaks none, all are listed: publishing says what is missing.
  const listed = spoken.length > 0 ? spoken : wanted
  await writeFile(join(folder, 'petition.yaml'), settingsTemplate(slug, listed, unspoken))
  for (const language of wanted) {
    await writeFile(join(folder, `${language}.md`), textTemplate(language, nameOf(language)!))
  }
  return { slug, unspoken }
}

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/** In English; undefined for an unknown code. */
const nameOf = (language: string) => names.of(language)

// Each FILL-IN keeps the petition from being published. No note may hold the word, since notes stay.

/**
 * @param languages that the site speaks, the first being the default
 * @param waiting languages that have a file and aren't listed, since the site doesn't speak them yet
 */
function settingsTemplate(slug: string, languages: string[], waiting: string[]): string {
  const wait = waiting.map(
    (language) =>
      `# ${language}.md waits: the pages around it exist in ${language} once the site has views/locales/${language}.json\n# (CONTRIBUTING.md, "Add a language to the site"). Then add ${language} to this list.\n`,
  )
  return `# The settings, the same in every language. Each language's own words are in the file of its name.
# Replace every value that asks you to fill it in: until none is left, nothing can be published.
# Look at it meanwhile:  npm run undersigned -- petition preview <this folder>
# Lines that start with # are notes for you, and never shown. docs/campaigner-reference.md has every field.

# The petition's address: lower-case letters, digits and hyphens.
# Choose it once: links already shared will contain it.
slug: ${slug}

# Every language listed here needs a file of that name next to this one. The first is the
# default, shown when a reader's own language is not on the list.
${wait.join('')}languages: [${languages.join(', ')}]

# For signers' questions about the petition and about their data: an e-mail address, or a page that
# starts with https://. Shown on the page about privacy.
contact: FILL-IN@example.org

# The organisers' time zone, such as Europe/Vienna or Asia/Baku: a day below is a day there.
# zone: Europe/Vienna

# When signing starts and ends. A day is that whole day, in the zone above:
# opens: 2030-03-01
# closes: 2030-05-31
# or a date and time with a zone of its own, 2030-05-31T18:00+02:00, or days from the first
# publishing, +90d. Left out: it starts with the first publishing, and has no end.

# The goal raises itself to the next step as the count nears it.
goal: [100, 500, 1000, 5000, 10000, 50000]

# Who asks. Give each organiser a short id here, and its name in each language file under
# the same id. A page of theirs is optional.
organisers:
  - id: organiser
    # url: https://example.org

# The organisers' public keys (age1…): signers' data is sealed to them, and the server can't read it.
# Make two, offline: npm run undersigned -- keys generate. In production nothing opens without them.
# recipients:
#   - age1…
#   - age1…

# The sources of the facts. Give each source a short id here, and its title and publisher in each
# language file under the same id. A fact names its sources by these ids.
# sources:
#   - id: report
#     url: https://example.org/report
#     date: 2024-02-11

# A picture beside the slogan, at least 1,200 pixels wide, and what it shows for those who can't see it. Publishing removes
# what the camera wrote into it. The optional card is another one for link previews.
# image:
#   file: picture.jpg
#   card: card.jpg
#   alt:
#     ${languages[0]}: "The river between its hills at dusk"

# The page's one colour: ${accents.join(', ')}.
accent: ${accents[0]}

# How public figures move. guarded: with the public log's batches, small countries and languages
# hidden, so that nobody can tell from them who signed and when. live: with each confirmation; only
# for campaigns whose signers are in no danger.
figures: guarded

# When the names of those who chose to be named appear. shown: as soon as they have confirmed.
# reviewed: once you have shown them, with: npm run undersigned -- name show <id>
names: shown

# A postcode is asked for only where you say why, in one short line for each language:
# postcode:
#   ${languages[0]}: "It tells us which member of parliament to write to."

# Sites that may hold the signing form in their own pages: docs/sharing.md. Without this none may; the
# counter and the button may stand anywhere.
# embed:
#   - https://news.example

# Your own words for those who pass the petition on, in any language, with or without some for a single place
# (${CHANNELS.join(', ')}). The link is put behind them.
# share:
#   ${languages[0]}:
#     message: "Please read and sign this:"
#     x: "Shorter, for X"

# public: everybody sees your partners' names and how many signatures they brought at least.
partners: hidden

# false: no list of addresses for updates. The server can read that list.
updates: true

# true: subscribers get a mail when the public count reaches 100, 1,000, 10,000 and so on.
milestones: false
`
}

/** @param name of the language in English */
function textTemplate(language: string, name: string): string {
  return `---
# The petition in ${name} (${language}). Put each value in quotes; write quotes inside it as “ ”.
# For lists, search results and mails: up to 120 characters.
title: "FILL-IN: a short title"
# The page shows it large: up to 300.
slogan: "FILL-IN: the call, in one sentence"
# For search engines and link previews: one or two sentences, up to 300.
summary: "FILL-IN: who asks whom for what, and why now"
# Optional: a line under the slogan, up to 300.
# notice: "The council decides on 4 May."
who: "FILL-IN: who asks"
whom: "FILL-IN: of whom"
what: "FILL-IN: for what"
# The demands, 1 to 20 lines, up to 500 characters each.
demands:
  - "FILL-IN: the first demand"
# Optional: the facts behind the call, each with its sources in petition.yaml.
# facts:
#   - text: "The report counts 14 spills in 2023."
#     sources: [report]
# Each organiser's name, under its id in petition.yaml.
organisers:
  organiser: "FILL-IN: the organiser's name"
# Each source's title and publisher, under its id in petition.yaml.
# sources:
#   report:
#     title: "Water report 2023"
#     publisher: "The city of Example"
---

FILL-IN: the text, as long as it needs to be. Leave an empty line between paragraphs.

## FILL-IN: a heading

FILL-IN: more of it. Emphasis is *written like this*, a link [like this](https://example.org).
`
}
