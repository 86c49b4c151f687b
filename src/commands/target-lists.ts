import type { Command } from 'commander'
import { howMany } from '../platform/terminal/how-many.ts'
import { standingEntries, stateOf, type TargetState } from '../target/target-state.ts'
import { CommandError, getPetition, type Open } from './open-site.ts'

/** What is known of a petition's targets, on the terminal. */
export function addTargetLists(target: Command, open: Open): void {
  target
    .command('list <slug>')
    .description('each with its country, who it is, and what became of it')
    .action((slug: string) =>
      open(async ({ clock, petitions, targets }) => {
        const petition = await getPetition(petitions, slug)
        const all = await targets.of(petition)
        if (all.length === 0)
          console.log(`${slug} asks nobody yet: undersigned target import ${slug} <file>`)
        const [language] = petition.settings.languages
        for (const each of all) {
          const who = each.facts.office ?? each.facts.name?.[language!] ?? ''
          const state = tell(stateOf(each, clock.now()))
          console.log([each.word, each.country, who, state].join('\t'))
        }
      }),
    )

  target
    .command('history <slug> <target>')
    .description('everything that was noted of one, with the numbers of the entries')
    .action((slug: string, word: string) =>
      open(async ({ petitions, targets }) => {
        const all = await targets.of(await getPetition(petitions, slug))
        const found = all.find((each) => each.word === word)
        if (!found)
          throw new CommandError(`there is no target "${word}": see "target list ${slug}"`)
        if (found.entries.length === 0) console.log('Nothing was noted yet.')
        const standing = new Set(standingEntries(found.entries).map(({ id }) => id))
        for (const { id, kind, happened_on, stance, source, corrects } of found.entries) {
          const mark = standing.has(id) ? '' : kind === 'mistake' ? '' : 'corrected'
          const what = corrects === null ? kind : `${kind}, in place of ${corrects}`
          console.log(
            [id, happened_on, what, stance ?? '', source ?? '', mark].join('\t').trimEnd(),
          )
        }
      }),
    )
}

function tell(state: TargetState): string {
  switch (state.is) {
    case 'unasked':
      return 'not yet asked'
    case 'asked':
    case 'silent':
      if (state.days === 0) return `asked on ${state.on}`
      return `asked on ${state.on}, no answer for ${howMany(state.days, 'day')}`
    case 'answered':
      return `${state.stance}, on ${state.entry.happened_on}`
  }
}
