import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type Advisory, findAffected, type Lockfile } from './affected.ts'

/**
 * `npm run advisories`: fails when a package that the program is run with has a known weakness. Asks npm's audit
 * service; where that does not answer, compares package-lock.json with the advisories of a file. npm ends with 1 in
 * both cases, so its report is read.
 */
const FILE = 'tests/packages/advisories.json'
const ARGUMENTS = ['audit', '--omit=dev', '--json', '--fetch-retries=1', '--fetch-timeout=60000']
const FAILING = new Set(['high', 'critical'])

/** Of npm 7 and newer; only what is read here. */
interface Report {
  auditReportVersion?: number
  vulnerabilities?: Record<string, { via: (string | Via)[] }>
  /** In place of the others when the service could not be asked. */
  message?: string
}

interface Via {
  name: string
  title: string
  url: string
  severity: string
  range: string
}

async function main(): Promise<void> {
  const advisories: Advisory[] = JSON.parse(readFileSync(FILE, 'utf8'))
  const report = await askService()
  const findings = report.vulnerabilities
    ? judgeReport(report.vulnerabilities, advisories)
    : judgeFile(report.message ?? 'no report', advisories)
  for (const { text } of findings) console.log(text)
  if (findings.some(({ isFailure }) => isFailure)) process.exitCode = 1
}

interface Finding {
  text: string
  isFailure: boolean
}

function judgeReport(
  vulnerabilities: NonNullable<Report['vulnerabilities']>,
  advisories: readonly Advisory[],
): Finding[] {
  const found = Object.values(vulnerabilities)
    .flatMap(({ via }) => via)
    .filter((via): via is Via => typeof via === 'object')
  console.log(`npm audit knows ${found.length} advisories about the locked packages.`)
  return found.map(({ name, range, title, url, severity }) => {
    const accepted = advisories.find(({ id }) => url.endsWith(`/${id}`))?.accepted
    const text = `${name} ${range}: ${title} (${severity}) ${url}`
    return tell(text, accepted, FAILING.has(severity))
  })
}

function judgeFile(why: string, advisories: readonly Advisory[]): Finding[] {
  console.log(
    `npm's audit service does not answer (${why}). package-lock.json is compared with the ` +
      `${advisories.length} advisories of ${FILE} instead, which may lack newer ones.`,
  )
  const lock: Lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  return findAffected(lock, advisories).map(({ name, version, advisory }) => {
    const { what, severity, id, accepted } = advisory
    return tell(`${name} ${version}: ${what} (${severity}) ${id}`, accepted, true)
  })
}

const tell = (text: string, accepted: string | undefined, isGrave: boolean): Finding =>
  accepted === undefined
    ? { text, isFailure: isGrave }
    : { text: `${text}\n  accepted: ${accepted}`, isFailure: false }

function askService(): Promise<Report> {
  // Set by `npm run`; the same npm is asked, also where its command is a script of another shell.
  const npm = process.env.npm_execpath
  const [command, ...before] = npm ? [process.execPath, npm] : ['npm']
  return new Promise((resolve) => {
    execFile(
      command!,
      [...before, ...ARGUMENTS],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => {
        try {
          resolve(JSON.parse(stdout))
        } catch {
          resolve({ message: error?.message.split('\n')[0] ?? 'its answer is no JSON' })
        }
      },
    )
  })
}

await main()
