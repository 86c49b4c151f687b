import { type Board, viewBoard } from '../../src/pages/answers/view-board.ts'
import type { Petition } from '../../src/petition/petition.ts'
import type { Entry, Target } from '../../src/target/target-state.ts'

const NOW = new Date('2024-03-20T12:00:00Z')
const texts = (text: string) => ({ en: text, az: text, ru: text, be: text })

const entry = (id: number, kind: Entry['kind'], on: string, more: Partial<Entry> = {}): Entry => ({
  id,
  kind,
  target_id: 1,
  noted_at: NOW,
  happened_on: on,
  stance: null,
  texts: null,
  source: null,
  corrects: null,
  ...more,
})

const target = (country: string, entries: Entry[] = []): Target => ({
  id: 1,
  word: country.toLowerCase(),
  place: 1,
  country,
  facts: { office: 'head-of-state-and-government', contact: 'https://example.org/contact' },
  entries,
})

const petition = { slug: 'cop29', settings: { languages: ['en'] }, texts: new Map() }

/** One of each kind, with a corrected entry. */
export function previewBoard(language: string): Board | null {
  const answer = {
    texts: texts('We share the concern.\nWe will raise it.'),
    source: 'https://e.org',
  }
  const targets = [
    target('DE', [
      entry(1, 'asked', '2024-02-01'),
      entry(2, 'answered', '2024-03-01', { stance: 'other', ...answer }),
      entry(3, 'answered', '2024-03-02', { stance: 'partly', ...answer, corrects: 2 }),
    ]),
    target('US', [entry(4, 'answered', '2024-03-09', { stance: 'agrees', ...answer })]),
    target('FR', [entry(5, 'asked', '2024-02-01')]),
    target('GB', [entry(6, 'asked', '2024-03-15')]),
    ...['NO', 'SE', 'PL', 'LT', 'JP'].map((country) => target(country)),
  ]
  return viewBoard(petition as unknown as Petition, targets, { language, now: NOW, brief: true })
}
