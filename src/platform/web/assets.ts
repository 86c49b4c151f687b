import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from './page.ts'

/** `public/`, made by `npm run build:browser`; beside package.json in a checkout and in a build. */
const folder = ['../../../public/', '../../../../public/']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(new URL('manifest.json', url)))

export class AssetsError extends Error {}

/** @throws AssetsError when the bundles have not been built */
export function readAssets(): { paths: Page['assets']; folder: string } {
  if (!folder) {
    throw new AssetsError('public/manifest.json is not there: run "npm run build:browser" once')
  }
  const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8'))
  return { paths: manifest, folder: fileURLToPath(new URL('assets/', folder)) }
}
