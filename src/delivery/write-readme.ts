import { currentText } from '../petition/petition.ts'
import { formatDate, formatNumber } from '../platform/i18n/format.ts'
import { translator } from '../platform/i18n/translate.ts'
import { type Delivery, paperTotal } from './gather-delivery.ts'

/** Of Linux, macOS and Windows. */
const CHECKS = [
  'sha256sum -c SHA256SUMS          (Linux)',
  'shasum -a 256 -c SHA256SUMS      (macOS)',
  'certutil -hashfile FILE SHA256   (Windows)',
]

/** For those to whom it is handed over, in each of its languages: what each file is, and how to check them. */
export function readmeOf(delivery: Delivery, verifier: string): string {
  return inEach(delivery, (language) => {
    const { petition, certified, log, paper, imported, site } = delivery
    const t = translator(language)
    const date = formatDate(log.publishedAt, language, petition.settings.zone)
    const onPaper = paperTotal(paper)
    return [
      `${t('letter.signed', { count: certified })}\n${t('letter.certified', { date, count: log.size })}`,
      ...(onPaper > 0 ? [t('letter.paper', { count: onPaper })] : []),
      ...(imported > 0
        ? [t('letter.imported', { imported: formatNumber(imported, language) })]
        : []),
      [
        ...named(t('pack.letter'), `letter-${language}.pdf`),
        ...named(t('pack.counts'), 'counts/'),
        ...named(t('pack.proof'), 'proof/'),
        ...named(t('pack.verifier'), `proof/${verifier}`),
        ...named(t('pack.sums'), 'manifest.json, SHA256SUMS'),
      ].join('\n'),
      typed(t('pack.whole'), ...CHECKS),
      typed(
        t('pack.recount'),
        'cd proof',
        'tar xf log.tar',
        `node ${verifier} log --vkey "${log.vkey}"`,
      ),
      typed(
        t('pack.hasText'),
        `node ${verifier} --receipt text-${language}.tlog-proof --vkey "${log.vkey}"`,
      ),
      t('pack.doubt', { address: site }),
    ]
  })
}

/** For the organisers, beside what is encrypted to them. */
export function listReadmeOf(
  delivery: Delivery,
  files: { list: string | null; scans: string[] },
): string {
  return inEach(delivery, (language) => {
    const t = translator(language)
    return [
      t('pack.organisers'),
      ...(files.list === null
        ? []
        : [
            typed(
              `${files.list}\n${t('pack.list')}`,
              `undersigned unseal ${files.list} --identity key.txt --out signers.csv`,
            ),
          ]),
      ...(files.scans.length === 0
        ? []
        : [typed(t('pack.scans'), ...files.scans.map((scan) => `age -d -i key.txt -o ${scan.replace(/age$/, 'pdf')} ${scan}`))]), // biome-ignore format: one line
      typed(t('pack.whole'), ...CHECKS),
    ]
  })
}

function inEach({ petition }: Delivery, write: (language: string) => string[]): string {
  const parts = petition.settings.languages.map((language) => {
    const { title } = currentText(petition, language).content
    return `${[title, ...write(language)].join('\n\n')}\n`
  })
  return parts.join(`\n${'-'.repeat(60)}\n\n`)
}

const named = (what: string, path: string) => [path, `    ${what}`]

const typed = (what: string, ...commands: string[]) =>
  [what, ...commands.map((command) => `    ${command}`)].join('\n')
