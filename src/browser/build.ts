/**
 * Bundles styles and client scripts into public/assets under names that carry a hash of the
 * content, so that they can be cached for ever. Beside each lie its compressed forms for
 * @fastify/static. public/manifest.json says the current names.
 *
 * public/unseal.html is the page that organisers open the list of signers with, public/undersigned-verify.mjs
 * the verifier; the site serves neither.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { buildPage } from '../offline/unsealing-page/build-page.ts'
import { bundleVerifier } from '../offline/verify/bundle-verifier.ts'
import { writeBeside } from '../platform/files/write-whole.ts'
import { VERIFIER } from '../platform/web/assets.ts'

const HERE = fileURLToPath(new URL('.//', import.meta.url))
const PUBLIC = fileURLToPath(new URL('../../public/', import.meta.url))
const ASSETS = `${PUBLIC}assets/`

const SOURCES = [
  'styles/main.css',
  'styles/letter.css',
  'client/main.ts',
  'client/verify.ts',
  'client/solve.ts',
  'icon.svg',
]
/** By the beginning of the name and its ending; parts that a script loads later have none. */
const MANIFEST_KEYS: [RegExp, string][] = [
  [/^main-.*\.css$/, 'style'],
  [/^letter-.*\.css$/, 'letter'],
  [/^main-.*\.js$/, 'script'],
  [/^verify-.*\.js$/, 'verify'],
  [/^solve-.*\.js$/, 'solve'],
  [/\.svg$/, 'icon'],
]

/** The oldest browsers with cascade layers; nesting is unfolded for them. */
const TARGET = ['chrome99', 'edge99', 'firefox97', 'safari15.4']

const { outputFiles } = await build({
  absWorkingDir: HERE,
  entryPoints: SOURCES,
  outdir: ASSETS,
  entryNames: '[name]-[hash]',
  chunkNames: 'part-[hash]',
  splitting: true,
  loader: { '.svg': 'copy' },
  bundle: true,
  minify: true,
  format: 'esm',
  target: TARGET,
  charset: 'utf8',
  write: false,
})

await mkdir(ASSETS, { recursive: true })
const written = new Set<string>()
const manifest: Record<string, string> = {}

for (const { path, contents } of outputFiles) {
  const name = basename(path)
  const files: [string, Uint8Array][] = [
    [name, contents],
    [`${name}.br`, brotliCompressSync(contents)],
    [`${name}.gz`, gzipSync(contents, { level: 9 })],
  ]
  for (const [file, bytes] of files) {
    await writeFile(ASSETS + file, bytes)
    written.add(file)
  }
  const key = MANIFEST_KEYS.find(([pattern]) => pattern.test(name))?.[1]
  if (key) manifest[key] = `/assets/${name}`
}

// Whole: a server may start meanwhile.
await writeBeside(`${PUBLIC}unseal.html`, await buildPage(TARGET))
await writeBeside(PUBLIC + VERIFIER, await bundleVerifier())
await writeBeside(`${PUBLIC}manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`)

for (const file of await readdir(ASSETS)) {
  if (!written.has(file)) await rm(ASSETS + file)
}
