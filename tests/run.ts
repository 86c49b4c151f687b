import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { missingPackages } from './proxies/open-place.ts'
import { compileCheckout } from './runner/compile-checkout.ts'
import { openTestServer } from './runner/open-test-server.ts'
import { missingFirefox } from './support/browser/find-firefox.ts'

/**
 * Runs the tests, all or those whose path holds an argument: `npm test -- withdraw`. They get a real
 * PostgreSQL: TEST_DATABASE_URL's (a role that may create databases), else one started here. Its
 * schema is migrated once, as the template that every test file clones; the sources are compiled once. Some need Debian packages:
 * where these are missing, "all" leaves them out and says so at the end. To ask for them fails then, and so does "all" where CI is
 * set, as every service for continuous integration does.
 */
const NEEDS = [
  { folder: join('tests', 'proxies'), missing: missingPackages() },
  { folder: join('tests', 'firefox'), missing: missingFirefox() },
]

async function main(): Promise<number> {
  const files = findFiles(process.argv.slice(2))
  const [server, compiled] = await Promise.all([openTestServer(), compileCheckout()])
  try {
    return await runFiles(compiled.folder, files, server.environment)
  } finally {
    await server.close()
    await compiled.remove()
  }
}

function findFiles(parts: string[]): string[] {
  const all = readdirSync('tests', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join('tests', file))
    .sort()
  const files =
    parts.length === 0
      ? all.filter((file) => !isLeftOut(file))
      : all.filter((file) => parts.some((part) => file.includes(part)))
  if (files.length === 0) {
    console.error(`no test file's path holds ${parts.join(' or ')}`)
    process.exit(2)
  }
  return files
}

const leftOut = () => (process.env.CI ? [] : NEEDS.filter(({ missing }) => missing.length > 0))

const isLeftOut = (file: string) => leftOut().some(({ folder }) => file.startsWith(folder))

function tellLeftOut(): void {
  for (const { folder, missing } of leftOut()) {
    console.log(
      `${folder} was left out: it needs ${missing.join(', ')} (apt-get install, on Debian)`,
    )
  }
}

function runFiles(
  folder: string,
  files: string[],
  environment: Record<string, string>,
): Promise<number> {
  const { NODE_ENV, DATABASE_URL, SMTP_URL, DATA_DIR, ...inherited } = process.env
  const compiled = ['tests/runner/run-files.ts', ...files].map((file) =>
    join(folder, file.replace(/\.ts$/, '.js')),
  )
  const child = spawn(process.execPath, ['--enable-source-maps', ...compiled], {
    stdio: 'inherit',
    // Node.js 22 and newer keep what they have compiled there, packages too.
    env: { ...inherited, ...environment, NODE_COMPILE_CACHE: join(folder, 'compile-cache') },
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
}

process.exitCode = await main()
if (process.argv.length === 2) tellLeftOut()
