import type { PetitionPage } from '../../src/pages/petition/view-petition.ts'

type Text = Pick<
  PetitionPage,
  'slogan' | 'summary' | 'notice' | 'ask' | 'demands' | 'bodyHtml' | 'organisers'
> & { facts: string[] }

/** Texts for looking at layout: the length and the letters count, not the wording. */
export const previewTexts: Record<string, Text> = {
  en: {
    slogan:
      'No to glorifying the repressive Aliyev regime with COP-29! Azerbaijan without political prisoners!',
    summary:
      'The organisers ask the leaders of democratic countries to stay away from the climate conference in Baku, or to tie their visit to the release of every political prisoner in Azerbaijan.',
    notice:
      'This is a demonstration of a historical call. The conference took place in November 2024.',
    ask: {
      who: 'The Coordination Centre of Azerbaijani political emigrants and the Institute for Peace and Democracy',
      whom: 'The leaders of democratic countries',
      what: 'A boycott of COP29 in Baku, or a visit on condition that all political prisoners are released',
    },
    demands: [
      'Do not attend the COP29 conference in Baku, or attend only once all political prisoners are free.',
      'Impose sanctions on the ruler and his family in person, for corruption too, and not on the country.',
    ],
    bodyHtml:
      '<p>Late in 2023 the conference in Dubai chose Baku to host the next one. About 80,000 guests from all the countries of the United Nations were expected.</p><p>The organisers say that such events, like the Eurovision Song Contest and the European Games before, serve to whiten the regime. They ask those who come to look at who cannot: the people in prison.</p><h3>Why it can work</h3><p>They say that a visit is worth more to the host than any statement made about it, so that a condition tied to the visit is heard.</p>',
    facts: [
      'The number of political prisoners approaches 300, by the organisers’ count.',
      'Arif Yunusov calls the country an authoritarian police state in which torture is usual.',
      'The result announced in February 2024 was more than 92 %. He calls that election a farce.',
    ],
    organisers: [
      { name: 'Coordination Centre of Azerbaijani political emigrants', url: null },
      { name: 'Institute for Peace and Democracy', url: 'https://example.org/' },
    ],
  },
  az: {
    slogan: 'COP-29 ilə repressiv Əliyev rejimini tərifləməyə yox! Siyasi məhbussuz Azərbaycan!',
    summary:
      'Təşkilatçılar demokratik ölkələrin liderlərindən Bakıdakı iqlim konfransına getməməyi və ya səfəri Azərbaycandakı bütün siyasi məhbusların azad edilməsi ilə bağlamağı xahiş edirlər.',
    notice: 'Bu, tarixi çağırışın nümayişidir. Konfrans 2024-cü ilin noyabrında keçirilib.',
    ask: {
      who: 'Azərbaycan siyasi mühacirlərinin Koordinasiya Mərkəzi, Sülh və Demokratiya İnstitutu',
      whom: 'Demokratik ölkələrin liderlərindən',
      what: 'COP29-un boykotu və ya bütün siyasi məhbusların azad edilməsi şərti ilə səfər',
    },
    demands: [
      'Bakıdakı COP29 konfransına getməyin, yaxud yalnız bütün siyasi məhbuslar azad olunandan sonra gedin.',
      'Ölkəyə yox, hakimin özünə və ailəsinə qarşı sanksiyalar tətbiq edin.',
    ],
    bodyHtml:
      '<p>2023-cü ilin sonunda Dubayda növbəti konfransın Bakıda keçirilməsi qərara alınıb. BMT-nin bütün ölkələrindən 80 minə yaxın qonaq gözlənilirdi.</p><p>Təşkilatçıların sözlərinə görə, belə tədbirlər rejimin üzünü ağartmağa xidmət edir.</p>',
    facts: [
      'Təşkilatçıların hesabına görə, siyasi məhbusların sayı 300-ə yaxınlaşır.',
      'Arif Yunusov ölkəni işgəncənin adi hal olduğu avtoritar polis dövləti adlandırır.',
    ],
    organisers: [{ name: 'Sülh və Demokratiya İnstitutu', url: 'https://example.org/' }],
  },
  ru: {
    slogan:
      'Нет возвеличиванию репрессивного режима Алиева с помощью COP-29! Азербайджан без политзаключённых!',
    summary:
      'Организаторы просят лидеров демократических стран не приезжать на климатическую конференцию в Баку или связать приезд с освобождением всех политзаключённых в Азербайджане.',
    notice: 'Это демонстрация исторического обращения. Конференция прошла в ноябре 2024 года.',
    ask: {
      who: 'Координационный центр азербайджанских политэмигрантов и Институт мира и демократии',
      whom: 'Лидеров демократических стран',
      what: 'Бойкот COP29 в Баку или приезд при условии освобождения всех политзаключённых',
    },
    demands: [
      'Не приезжать на конференцию COP29 в Баку, пока все политзаключённые не выйдут на свободу.',
      'Ввести санкции лично против правителя и его семьи, а не против страны.',
    ],
    bodyHtml:
      '<p>В конце 2023 года в Дубае решили, что следующая конференция пройдёт в Баку. Ожидалось около 80 000 гостей из всех стран ООН.</p><p>По словам организаторов, такие мероприятия служат обелению режима.</p>',
    facts: [
      'По подсчётам организаторов, число политзаключённых приближается к 300.',
      'Ариф Юнусов называет страну авторитарным полицейским государством, где пытки обычны.',
    ],
    organisers: [{ name: 'Институт мира и демократии', url: 'https://example.org/' }],
  },
  be: {
    slogan:
      'Не ўзвялічванню рэпрэсіўнага рэжыму Аліева з дапамогай COP-29! Азербайджан без палітвязняў!',
    summary:
      'Арганізатары просяць лідараў дэмакратычных краін не ехаць на кліматычную канферэнцыю ў Баку або звязаць прыезд з вызваленнем усіх палітвязняў у Азербайджане.',
    notice: 'Гэта дэманстрацыя гістарычнага звароту. Канферэнцыя прайшла ў лістападзе 2024 года.',
    ask: {
      who: 'Каардынацыйны цэнтр азербайджанскіх палітэмігрантаў і Інстытут міру і дэмакратыі',
      whom: 'Лідараў дэмакратычных краін',
      what: 'Байкот COP29 у Баку або прыезд пры ўмове вызвалення ўсіх палітвязняў',
    },
    demands: [
      'Не прыязджаць на канферэнцыю COP29 у Баку, пакуль усе палітвязні не выйдуць на волю.',
      'Увесці санкцыі асабіста супраць кіраўніка і яго сям’і, а не супраць краіны.',
    ],
    bodyHtml:
      '<p>У канцы 2023 года ў Дубаі вырашылі, што наступная канферэнцыя пройдзе ў Баку. Чакалася каля 80 000 гасцей з усіх краін ААН.</p><p>Паводле арганізатараў, такія мерапрыемствы служаць абяленню рэжыму.</p>',
    facts: [
      'Паводле падлікаў арганізатараў, колькасць палітвязняў набліжаецца да 300.',
      'Арыф Юнусаў называе краіну аўтарытарнай паліцэйскай дзяржавай, дзе катаванні звычайныя.',
    ],
    organisers: [{ name: 'Інстытут міру і дэмакратыі', url: 'https://example.org/' }],
  },
  de: {
    slogan:
      'Für ein Geschwindigkeitsüberwachungsmodernisierungsgesetz und gegen Grundstücksverkehrsgenehmigungszuständigkeiten',
    summary:
      'Die Rechtsschutzversicherungsgesellschaften und die Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft bitten um Unterstützung.',
    notice: null,
    ask: {
      who: 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzesinitiative',
      whom: 'Bundesverkehrswegeplanungsausschuss',
      what: 'Straßenverkehrszulassungsordnungsänderung',
    },
    demands: ['Verkehrsinfrastrukturfinanzierungsgesellschaftsgesetzesänderung bis Jahresende.'],
    bodyHtml:
      '<p>Siebentausendzweihundertvierundfünfzig Unterzeichnerinnen und Unterzeichner unterstützen die Arbeiterunfallversicherungsgesetzesnovelle.</p>',
    facts: ['Kraftfahrzeughaftpflichtversicherungsbeitragsrückerstattung.'],
    organisers: [{ name: 'Bürgerinitiative', url: null }],
  },
}
