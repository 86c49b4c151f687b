import { emptyValues, viewSignForm } from '../../src/pages/petition/sign-form.page.ts'
import { viewMomentum } from '../../src/pages/petition/view-momentum.ts'
import type { PetitionPage } from '../../src/pages/petition/view-petition.ts'
import type { CountView } from '../../src/pages/view-count.ts'
import type { ShareKit } from '../../src/pages/view-kit.ts'
import { accents } from '../../src/petition/files/petition-files.schema.ts'
import { CHANNELS } from '../../src/petition/files/share-fields.ts'
import { DAY } from '../../src/platform/clock.ts'
import { formatNumber } from '../../src/platform/i18n/format.ts'
import { languageNames, languages, translator } from '../../src/platform/i18n/translate.ts'
import type { Page } from '../../src/platform/web/page.ts'
import { shareLinks } from '../../src/sharing/share-links.ts'
import type { FieldProblems, SignFormValues } from '../../src/signature/form/sign-form.ts'
import { previewBoard } from './preview-board.ts'
import { previewTexts } from './preview-texts.ts'

// Over 250 lines: a list of every state of every page, to be read as one.

type State = { template: string; page: Page & Record<string, unknown> }

const NOW = new Date('2024-03-01T12:00:00Z')
const lastWeeks = (days: number) =>
  Array.from({ length: days }, (_, index) =>
    new Date(NOW.getTime() - (days - index) * DAY).toISOString().slice(0, 10),
  )

const LONG_NAME = `Her Excellency ${'Wolfeschlegelsteinhausenbergerdorff'.repeat(2)} van der Meer-Oude Engberink`
const NAMES = [
  'Ayşə Əliyeva',
  'Ўладзімір Ігнацік',
  'Мария Иванова',
  'José Ñúñez',
  'A. M.',
  'مریم رضایی',
]

/** Every state of every page in one language, by name. */

const IN_NO_STATE = { unready: false, upcoming: false, open: false, paused: false, closed: false }

export function previewPages(language: string): Record<string, State> {
  const t = translator(language)
  const text = previewTexts[language] ?? previewTexts.en!
  const petition = { title: text.slogan, slogan: text.slogan, href: '#' }
  const site = (title: string, accent: string = 'garnet'): Page => ({
    language,
    direction: 'ltr',
    title,
    description: null,
    canonical: null,
    onion: null,
    languages: languages.map((tag) => ({
      language: tag,
      name: languageNames[tag]!,
      href: '#',
      action: '#',
      url: '#',
      current: tag === language,
    })),
    accent,
    home: '#',
    imprintHref: '#',
    aboutHref: null,
    demoKey: false,
    typedForm: null,
    assets: {
      style: '',
      letter: '',
      script: '',
      icon: '',
      verify: '/verify.js',
      solve: '/solve.js',
      frame: '',
      frameDark: '',
      frameScript: '',
    },
    fonts: [],
    letter: true,
    anyLanguage: null,
    social: null,
  })
  const form = (values: Partial<SignFormValues> = {}, problems: FieldProblems = {}) =>
    viewSignForm(
      { slug: 'x', settings: {} },
      {
        language,
        action: '#',
        textVersion: 2,
        values: { ...emptyValues({ ref: '', source: '' }), ...values },
        problems,
        trapped: false,
      },
    )
  const typed = {
    name: 'Ayşə Əliyeva',
    email: 'ayse@example',
    country: 'AZ',
    comment: 'Line one\nline two & <three>',
    display: 'initials',
    updates: 'yes',
  }
  const petitionState = (changes: Partial<PetitionPage> = {}): State => ({
    template: 'petition/petition',
    page: { ...petitionPage(changes) },
  })
  const petitionPage = (changes: Partial<PetitionPage>): PetitionPage => ({
    ...site(text.slogan, changes.accent),
    ...text,
    slug: 'cop29',
    href: '#',
    facts: text.facts.map((html, index) => ({
      number: index + 1,
      html,
      notes: index === 1 ? [{ number: 1 }, { number: 2 }] : [{ number: 1 }],
    })),
    sources: [
      source(1, 'An interview with Arif Yunusov', [1, 2, 3].slice(0, text.facts.length)),
      source(2, 'A second source with a title that is rather long and so runs on', [2]),
    ],
    state: { ...IN_NO_STATE, open: true },
    paused: null,
    delivery: null,
    oembed: null,
    paper: 0,
    imported: 0,
    privacyHref: '#',
    opensOn: '27 January 2024 at 09:00 (Asia/Baku, UTC+4)',
    opensDatetime: '2024-01-27T09:00:00+04:00',
    closesOn: '11 November 2024 at 23:59 (Asia/Baku, UTC+4)',
    closesDatetime: '2024-11-11T23:59:59+04:00',
    count: count(12_407, 15_000, language),
    image: null,
    share: share.links.filter(({ href }) => href !== null),
    shareMore: '#',
    partnersHref: '#',
    momentum: viewMomentum(
      lastWeeks(40).map((key, index) => ({ key, signatures: 200 + ((index * 97) % 331) })),
      [1000, 10_000, 50_000],
      { now: NOW, language },
    ),
    newest: NAMES.slice(0, 3).map((name) => ({ name, country: 'Germany' })),
    allNames: '#',
    allComments: '#',
    signers: Array.from({ length: 24 }, (_, index) => ({
      name: NAMES[index % NAMES.length]!,
      country: 'Germany',
      when: '14 February 2024',
      datetime: '2024-02-14',
      report: '#',
    })),
    comments: [
      'For my friends who cannot sign.',
      'Свободу всем, кто сидит за слова.\nИ тем, кто их защищал.',
      `An unbroken ${'word'.repeat(30)} in it.`,
    ].map((words, index) => ({
      text: words,
      name: NAMES[index]!,
      country: 'Poland',
      when: '14 February 2024',
      datetime: '2024-02-14',
      report: '#',
    })),
    versions: [
      { number: 2, href: '#', published: '3 February 2024', current: true },
      { number: 1, href: '#', published: '27 January 2024', current: false },
    ],
    board: previewBoard(language),
    updates: ['The first hundred letters are with the embassies', 'Яшчэ адзін ліст'].map(
      (title) => ({
        title,
        href: '#',
        lang: null,
        when: '14 February 2024',
        datetime: '2024-02-14T09:00:00.000Z',
      }),
    ),
    updatesHref: '#',
    feed: { title: 'Updates', href: '#' },
    oldVersion: null,
    dropped: null,
    form: form(),
    withdrawHref: '#',
    verifyHref: '#',
    ...changes,
  })
  const simple = (template: string, key: string, more: Record<string, unknown> = {}): State => ({
    template,
    page: { ...site(t(key)), petition, action: '#', inbox: null, ...more },
  })
  const url = 'https://petitions.example.org/s/Yk3x_9bQ'
  const words = { title: text.slogan, email: t('share.email'), say: () => text.slogan }
  const share: ShareKit = {
    label: t('share.personalLink'),
    url,
    native: { url, text: text.slogan, card: '#' },
    links: shareLinks(url, words, CHANNELS),
    mastodon: text.slogan,
    qr: { svg: '#', png: '#' },
    pictures: [{ label: '1200 × 630', href: '#' }],
    posters: { poster: '#', tearOff: '#' },
  }
  const thanks = (personal: { shown: boolean; brought: number; ownHref: string } | null) =>
    simple('confirmation/thanks', 'thanks.heading', {
      minutes: 5,
      least: 0,
      count: count(12_408, 15_000, language),
      personal,
      share,
      withdrawHref: '#',
    })
  const signer = {
    name: 'Ayşə Əliyeva',
    email: 'ayse@example.org',
    country: 'Azerbaijan',
    postcode: '',
    comment: '',
    shownAs: null,
    updates: false,
  }
  const entry = { href: '#', title: text.slogan, slogan: text.slogan, summary: text.summary }
  const closed = {
    state: { ...IN_NO_STATE, closed: true },
    form: null,
  }
  const none = { board: null, count: count(0, 1_000, language), signers: [], comments: [] }

  return {
    home: {
      template: 'petition/home',
      page: {
        ...site(t('home.heading')),
        petitions: [
          { ...entry, count: count(12_407, 15_000, language) },
          { ...entry, slogan: previewTexts.de!.slogan, count: none.count },
        ],
        closed: [
          {
            ...entry,
            count: count(8_903, 10_000, language),
            closedOn: '11 November 2024 at 23:59 (Asia/Baku, UTC+4)',
          },
        ],
      },
    },
    'home-empty': {
      template: 'petition/home',
      page: { ...site(t('home.heading')), petitions: [], closed: [] },
    },
    petition: petitionState(),
    'petition-first': petitionState(none),
    'petition-million': petitionState({ count: count(1_284_530, 1_500_000, language) }),
    'petition-errors': petitionState({
      form: form(typed, { email: 'invalid', comment: 'tooLong', consent: 'missing' }),
    }),
    'petition-slip': petitionState({
      form: form({ email: 'ayse@gmial.com', postcode: 'n/a' }, { email: 'slip' }),
    }),
    'petition-untouched': petitionState({
      form: form({}, { name: 'missing', email: 'missing', country: 'missing', consent: 'missing' }),
    }),
    'petition-closed': petitionState(closed),
    'petition-paused': petitionState({
      state: { ...IN_NO_STATE, paused: true },
      paused: translator(language)('petition.paused.flood'),
      form: null,
    }),
    'petition-delivered': petitionState({
      ...closed,
      delivery: {
        text: 'The signatures were delivered on 14 February 2024. To: the city council.',
        answered: null,
        picture: null,
      },
    }),
    'petition-answered': petitionState({
      ...closed,
      delivery: {
        text: 'The signatures were delivered on 14 February 2024. To: the city council.',
        answered: { on: '1 March 2024', href: '#' },
        picture: null,
      },
    }),
    'petition-closed-none': petitionState({ ...closed, ...none, closesOn: null, sources: [] }),
    'petition-upcoming': petitionState({
      ...none,
      state: { ...IN_NO_STATE, upcoming: true },
      form: null,
    }),
    'petition-old-version': petitionState({
      form: null,
      oldVersion: { number: 1, published: '27 January 2024', current: '#' },
    }),
    'petition-dropped-language': petitionState({
      dropped: { language: 'az', name: 'Azərbaycan', href: '#' },
    }),
    'petition-long': petitionState({
      ...previewTexts.de,
      facts: [],
      signers: Array.from({ length: 5 }, () => ({
        name: LONG_NAME,
        country: 'St. Vincent & Grenadines',
        when: '14 February 2024',
        datetime: '2024-02-14',
        report: '#',
      })),
      form: form({ name: LONG_NAME }),
    }),
    ...Object.fromEntries(
      accents.map((accent) => [`petition-${accent}`, petitionState({ accent })]),
    ),
    'check-your-email': simple('signing/check-your-email', 'checkEmail.heading', {
      sender: { name: 'Undersigned', address: 'petitions@undersigned.localhost' },
      retentionDays: 14,
      inbox: 'http://127.0.0.1:1080/',
    }),
    'ask-withdrawal': simple('withdrawal/ask-withdrawal', 'askWithdrawal.heading', { email: '' }),
    'ask-withdrawal-error': simple('withdrawal/ask-withdrawal', 'askWithdrawal.heading', {
      email: 'ayse',
      error: t('errors.email.invalid'),
      form: { firstWrong: 'email' },
    }),
    'ask-withdrawal-sent': simple('withdrawal/ask-withdrawal', 'askWithdrawal.sentHeading', {
      sent: true,
    }),
    withdraw: simple('withdrawal/withdraw', 'withdraw.heading'),
    withdrawn: simple('withdrawal/withdraw', 'withdraw.doneHeading', { withdrawn: true }),
    closed: simple('signing/closed', 'closed.heading', { closedOn: '11 November 2024' }),
    unavailable: simple('signing/unavailable', 'unavailable.heading', { form: form(typed) }),
    busy: simple('busy', 'problem.503.heading'),
    'busy-form': simple('busy', 'problem.503.heading', {
      form: { action: '#', fields: '<input type="hidden" name="name" value="Ayşe">' },
    }),
    confirm: simple('confirmation/confirm', 'confirm.heading', {
      signer,
      textVersion: 2,
      textHref: '#',
    }),
    'confirm-already-signed': simple('confirmation/confirm', 'alreadySigned.heading', {
      signer: { ...signer, shownAs: signer.name, updates: true },
      alreadySigned: { counts: true },
      postcodeReason: null,
      offersUpdates: true,
      withdrawHref: '#',
    }),
    replaced: simple('confirmation/replaced', 'replaced.heading'),
    'confirm-long': simple('confirmation/confirm', 'confirm.heading', {
      signer: {
        ...signer,
        name: LONG_NAME,
        postcode: 'AZ1000',
        comment: typed.comment,
        shownAs: LONG_NAME,
        updates: true,
      },
      textVersion: 2,
      textHref: '#',
    }),
    ...Object.fromEntries(
      ['expired', 'closed', 'unknown'].map((reason) => [
        `gone-${reason}`,
        simple('confirmation/gone', 'gone.heading', {
          reason: { [reason]: true },
          petition: reason === 'unknown' ? null : petition,
        }),
      ]),
    ),
    rejected: simple('confirmation/rejected', 'rejected.heading'),
    thanks: thanks({ shown: true, brought: 5, ownHref: '#' }),
    'thanks-first': thanks({ shown: true, brought: 0, ownHref: '#' }),
    'thanks-plain': thanks(null),
    ...Object.fromEntries(
      [400, 403, 404, 413, 429, 500, 503].map((status) => [
        `error-${status}`,
        simple('error', `problem.${status}.heading`, { status, words: String(status) }),
      ]),
    ),
  }
}

function count(counted: number, goal: number, language: string): CountView {
  return {
    counted,
    least: 0,
    none: counted === 0,
    guarded: false,
    arrivals: goal / 10,
    countedText: formatNumber(counted, language),
    goal,
    goalText: formatNumber(goal, language),
    log: { certified: counted, arrived: 0 },
    url: '/api/v1/petitions/cop29',
  }
}

function source(number: number, title: string, citedBy: number[]) {
  const url = 'https://example.org/'
  return { number, title, publisher: 'Charter97.org', url, date: 'February 2024', citedBy }
}
