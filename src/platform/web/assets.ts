import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ExpectedError } from '../expected-error.ts'
import type { Page } from './page.ts'

/** `public/`, made by `npm run build:browser`; beside package.json in a checkout and in a build. */
const folder = ['../../../public/', '../../../../public/']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(join(path, 'manifest.json')))

/** The verifier's file name, in public/ and in people's downloads. */
export const VERIFIER = 'undersigned-verify.mjs'

class AssetsError extends ExpectedError {}

/** @throws AssetsError when the bundles have not been built */
export function readAssets(): { paths: Page['assets']; folder: string } {
  const manifest = JSON.parse(readPublicFile('manifest.json').toString())
  return { paths: manifest, folder: join(folder!, 'assets/') }
}

/**
 * A file that lies beside the assets. The web serves none of them.
 * @throws AssetsError when it has not been built
 */
export function readPublicFile(name: string): Buffer {
  const file = folder && join(folder, name)
  if (!file || !existsSync(file)) {
    throw new AssetsError(`public/${name} is not there: run "npm run build:browser" once`)
  }
  return readFileSync(file)
}

/** SHA-256 in hexadecimal. @throws AssetsError when it has not been built */
export function sumOfPublicFile(name: string): string {
  return createHash('sha256').update(readPublicFile(name)).digest('hex')
}
