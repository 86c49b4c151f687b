import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ExpectedError } from '../expected-error.ts'
import type { Page } from './page.ts'

/** `public/`, made by `npm run build:browser`; beside package.json in a checkout and in a build. */
const findFolder = () =>
  ['../../../public/', '../../../../public/']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(join(path, 'manifest.json')))

/** The verifier's file name, in public/ and in people's downloads. */
export const VERIFIER = 'undersigned-verify.mjs'

/** `fonts`: by language, the files that each of its pages needs from its first line on. */
type Manifest = Page['assets'] & { fonts: Record<string, string[]> }

class AssetsError extends ExpectedError {}

/** @throws AssetsError when the bundles have not been built */
export function readAssets(): { paths: Manifest; folder: string } {
  const manifest = JSON.parse(readPublicFile('manifest.json').toString())
  return { paths: manifest, folder: pathOfPublicFile('assets/') }
}

/**
 * A file that lies beside the assets. The web serves none of them.
 * @throws AssetsError when it has not been built
 */
export function readPublicFile(name: string): Buffer {
  return readFileSync(pathOfPublicFile(name))
}

/** @throws AssetsError when it has not been built */
export function pathOfPublicFile(name: string): string {
  const folder = findFolder()
  const file = folder && join(folder, name)
  if (!file || !existsSync(file)) {
    throw new AssetsError(`public/${name} is not there: run "npm run build:browser" once`)
  }
  return file
}

/** SHA-256 in hexadecimal. @throws AssetsError when it has not been built */
export function sumOfPublicFile(name: string): string {
  return createHash('sha256').update(readPublicFile(name)).digest('hex')
}
