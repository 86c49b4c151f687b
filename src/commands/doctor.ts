import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type Command, InvalidArgumentError } from 'commander'
import { readConfig } from '../config.ts'
import { type Stdout, writeToStdout } from '../platform/files/write-out.ts'
import { escapeUnsafe } from '../platform/terminal/escape-unsafe.ts'
import { examineSite } from './doctor/examine-site.ts'
import { type Finding, toLine } from './doctor/finding.ts'

const DNS_TIMEOUT_MS = 2000

const HELP = `
Changes nothing, mails nobody, and prints no secret. Run it where the site runs, with the same settings. Exits 1 if
anything is at fault: one line each, with what, why, and what to do. "not checked" says why not.

Examples:
  undersigned doctor
  undersigned doctor --offline                 neither the DNS, nor the site from outside, nor the mail server
  undersigned doctor --dkim-selector key1 --resolver 9.9.9.9
  undersigned doctor --json | jq '.findings[] | select(.state == "fault")'`

interface Options {
  json?: boolean
  offline?: boolean
  resolver?: string
  dkimSelector?: string
}

export function addDoctorCommand(program: Command, stdout: Stdout = process.stdout): void {
  program
    .command('doctor')
    .description('check everything that the site needs, and say what is at fault')
    .option('--json', 'for machines')
    .option('--offline', 'skip what asks the network, but for the database')
    .option('--resolver <address>', "ask this DNS server, not the machine's", checkServerAddress)
    .option('--dkim-selector <name>', "the selector of the relay's DKIM key")
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const findings = await runDoctor(options)
      await writeToStdout(stdout, options.json ? toJson(findings) : toText(findings))
      // What hangs must not keep the process.
      process.exit(findings.some(({ state }) => state === 'fault') ? 1 : 0)
    })
}

function runDoctor(options: Options): Promise<Finding[]> {
  const { offline = false, resolver: server, dkimSelector = null } = options
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: 2 })
  if (server) resolver.setServers([server])
  return examineSite(readConfig(process.env), { offline, dkimSelector }, { resolver })
}

function toText(findings: Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((each) => each.state === state).length
  const lines = findings.map((each) => escapeUnsafe(toLine(each)))
  const sum = `${count('fault')} at fault, ${count('ok')} ok, ${count('unchecked')} not checked`
  return `${[...lines, '', sum].join('\n')}\n`
}

function toJson(findings: Finding[]): string {
  return `${JSON.stringify({ ok: findings.every(({ state }) => state !== 'fault'), findings }, null, 2)}\n`
}

/** An address with or without a port: what Node's resolver takes. */
function checkServerAddress(text: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]+)\](?::\d{1,5})?|([^\]]+))$/.exec(text) ?? []
  const host = bracketed ?? (isIP(plain ?? '') ? plain : plain?.replace(/:\d{1,5}$/, ''))
  if (host && isIP(host)) return text
  throw new InvalidArgumentError(
    'give the address of a DNS server, such as 9.9.9.9 or 127.0.0.1:53',
  )
}
