import type { Action } from '../actions/list-actions.ts'
import type { Fact, Facts } from '../actions/note-action.ts'
import { byName } from '../platform/by-name.ts'
import { toIso, type Zone } from '../platform/i18n/zone.ts'
import { wordsOf } from './action-words.ts'

const LONGEST = 300
/** With its zone's name in a petition's settings. */
const MOMENT = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))(?: \([^)]*\))?$/
/** A key, a hash or an id tells apart by its beginning. */
const LONG_NAME = /^(?:[\da-f]{40,}|[\w+/]{43}=|age1\w{50,})$/
const SHOWN = 12

/** Who did what and when, in a line; where it changed something, that in a second one. */
export function tellAction(action: Action, zone: Zone): string[] {
  const { at, person, what, petition, before, after } = action
  const [user, host] = person.split('@')
  const who = host ? `${user} on ${host}` : person
  const changes = tellFacts(before ?? {}, after ?? {}, zone)
  const line = `${clockOf(at, zone)}  ${who} ${wordsOf(what, petition)}`
  return changes === '' ? [line] : [line, `    ${shorten(changes)}`]
}

function tellFacts(before: Facts, after: Facts, zone: Zone): string {
  const names = byName({ ...before, ...after }).map(([name]) => name)
  return names
    .map((name) => {
      const [old, now] = [before, after].map((facts) => facts[name] !== undefined && tell(facts[name], zone)) // biome-ignore format: one line
      const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
      if (old === now || old === false) return `${words}: ${now}`
      return now === false ? `${words}: it was ${old}` : `${words}: ${old} -> ${now}`
    })
    .join('; ')
}

function tell(fact: Fact, zone: Zone): string {
  if (fact === null) return 'none'
  if (typeof fact === 'boolean') return fact ? 'yes' : 'no'
  if (typeof fact === 'number') return fact.toLocaleString('en')
  if (Array.isArray(fact)) return fact.map((each) => tell(each, zone)).join(', ') || 'none'
  if (typeof fact === 'object') {
    return byName(fact).map(([name, each]) => `${name} ${tell(each, zone)}`).join(', ') || 'none' // biome-ignore format: one line
  }
  const [, moment] = MOMENT.exec(fact) ?? []
  if (moment) return clockOf(new Date(moment), zone)
  return LONG_NAME.test(fact) ? `${fact.slice(0, SHOWN)}…` : fact
}

/** `2024-03-01 09:30` */
const clockOf = (at: Date, zone: Zone) => toIso(at, zone).slice(0, 16).replace('T', ' ')

const shorten = (text: string) =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)}… (all of it: --json)` : text
