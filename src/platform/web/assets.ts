import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ExpectedError } from '../expected-error.ts'
import type { Page } from './page.ts'

/** `public/`, made by `npm run build:browser`; beside package.json in a checkout and in a build. */
const folder = ['../../../public/', '../../../../public/']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(new URL('manifest.json', url)))

export class AssetsError extends ExpectedError {}

/** @throws AssetsError when the bundles have not been built */
export function readAssets(): { paths: Page['assets']; folder: string } {
  const manifest = JSON.parse(readPublicFile('manifest.json').toString())
  return { paths: manifest, folder: fileURLToPath(new URL('assets/', folder)) }
}

/**
 * A file that lies beside the assets. The web serves none of them.
 * @throws AssetsError when it has not been built
 */
export function readPublicFile(name: string): Buffer {
  const file = folder && new URL(name, folder)
  if (!file || !existsSync(file)) {
    throw new AssetsError(`public/${name} is not there: run "npm run build:browser" once`)
  }
  return readFileSync(file)
}

/** SHA-256 in hexadecimal. @throws AssetsError when it has not been built */
export function sumOfPublicFile(name: string): string {
  return createHash('sha256').update(readPublicFile(name)).digest('hex')
}
