import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const OURS = 'Undersigned is free software under AGPL-3.0-or-later. In this file are also:'
/** A package inside another's folder counts as itself. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+\//

/**
 * The licences that a file made of them has to carry: of the packages whose files were bundled.
 *
 * @param inputs paths as esbuild names them, below `folder`
 */
export function listLicences(folder: string, inputs: readonly string[]): string {
  const packages = new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []))
  const byText = new Map<string, string[]>()
  for (const path of packages) {
    const { name, text } = readPackage(resolve(folder, path))
    byText.set(text, [...(byText.get(text) ?? []), name])
  }
  const licences = [...byText].map(([text, names]) => `${names.sort().join(', ')}\n\n${text}`)
  return [OURS, ...licences.sort()].join('\n\n').trim()
}

function readPackage(folder: string): { name: string; text: string } {
  const { name, version, license, author } = JSON.parse(
    readFileSync(`${folder}/package.json`, 'utf8'),
  )
  const file = `${folder}/LICENSE`
  const text = existsSync(file)
    ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim()
    : `Licence: ${license}. Author: ${author?.name ?? author}.`
  return { name: `${name} ${version}`, text }
}
