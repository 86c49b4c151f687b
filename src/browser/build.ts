/**
 * Bundles styles and client scripts into public/assets under names that carry a hash of the
 * content, so that they can be cached for ever. Beside each lie its compressed forms for
 * @fastify/static. public/manifest.json says the current names.
 *
 * public/unseal.html is the page that organisers open the list of signers with, public/undersigned-verify.mjs
 * the verifier; the site serves neither. public/embed.js is for other sites' pages, without a hash in its name. public/cards/ has the fonts of share cards, and the cards that are served
 * where none can be drawn.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type BuildOptions, build } from 'esbuild'
import { drawEmptyCard } from '../card/draw-card.ts'
import { SHAPES, type ShapeName } from '../card/shapes.ts'
import { buildPage } from '../offline/unsealing-page/build-page.ts'
import { bundleVerifier } from '../offline/verify/bundle-verifier.ts'
import { writeBeside } from '../platform/files/write-whole.ts'
import { languages } from '../platform/i18n/translate.ts'
import { VERIFIER } from '../platform/web/assets.ts'
import { partsOf } from './fonts/choose-letters.ts'
import { fontsPlugin } from './fonts/cut-fonts.ts'
import { writeCardFonts } from './fonts/write-card-fonts.ts'

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
/** Of the pages in other sites' frames, which load these alone: nothing in them is a part of another script. */
const OF_FRAMES = ['styles/frame.css', 'styles/frame-dark.css', 'client/frame.ts']
/** By the beginning of the name and its ending; parts that a script loads later have none. */
const MANIFEST_KEYS: [RegExp, string][] = [
  [/^main-.*\.css$/, 'style'],
  [/^letter-.*\.css$/, 'letter'],
  [/^main-.*\.js$/, 'script'],
  [/^verify-.*\.js$/, 'verify'],
  [/^frame-dark-.*\.css$/, 'frameDark'],
  [/^frame-(?!dark-).*\.css$/, 'frame'],
  [/^frame-.*\.js$/, 'frameScript'],
  [/^solve-.*\.js$/, 'solve'],
  [/\.svg$/, 'icon'],
]

/** The oldest browsers with cascade layers; nesting is unfolded for them. */
const TARGET = ['chrome99', 'edge99', 'firefox97', 'safari15.4']

const common = {
  absWorkingDir: HERE,
  outdir: ASSETS,
  entryNames: '[name]-[hash]',
  chunkNames: 'part-[hash]',
  assetNames: '[name]-[hash]',
  publicPath: '/assets/',
  bundle: true,
  minify: true,
  target: TARGET,
  charset: 'utf8',
  write: false,
} satisfies BuildOptions
const built = await Promise.all([
  build({
    ...common,
    entryPoints: SOURCES,
    plugins: [fontsPlugin],
    splitting: true,
    loader: { '.svg': 'copy' },
    format: 'esm',
  }),
  // No module: in a sandbox without an origin, browsers refuse modules for their CORS, and nothing else.
  build({ ...common, entryPoints: OF_FRAMES, format: 'iife' }),
])
const outputFiles = built.flatMap((each) => each.outputFiles!)

await mkdir(ASSETS, { recursive: true })
const written = new Set<string>()
const manifest: Record<string, string> = {}
/** By the name of their part. */
const fonts = new Map<string, string>()

for (const { path, contents } of outputFiles) {
  const name = basename(path)
  const files: [string, Uint8Array][] = [[name, contents]]
  if (!name.endsWith('.woff2')) {
    files.push(
      [`${name}.br`, brotliCompressSync(contents)],
      [`${name}.gz`, gzipSync(contents, { level: 9 })],
    )
  }
  for (const [file, bytes] of files) {
    await writeFile(ASSETS + file, bytes)
    written.add(file)
  }
  const font = /^font_([\w-]+)_normal-\w+\.woff2$/.exec(name)
  if (font) fonts.set(font[1]!, `/assets/${name}`)
  const key = MANIFEST_KEYS.find(([pattern]) => pattern.test(name))?.[1]
  if (key) manifest[key] = `/assets/${name}`
}

// Whole: a server may start meanwhile.
const embed = await build({ ...common, entryPoints: ['client/embed.ts'], format: 'iife' })
await writeBeside(`${PUBLIC}embed.js`, embed.outputFiles![0]!.contents)
await writeBeside(`${PUBLIC}unseal.html`, await buildPage(TARGET))
await writeBeside(PUBLIC + VERIFIER, await bundleVerifier())
/** By language: what each of its pages needs from the first line on. */
const preloaded = Object.fromEntries(
  languages.map((language) => [language, partsOf(language).map((part) => fonts.get(part)!)]),
)
await writeBeside(
  `${PUBLIC}manifest.json`,
  `${JSON.stringify({ ...manifest, fonts: preloaded }, null, 2)}\n`,
)

await writeCardFonts(PUBLIC)
for (const shape of Object.keys(SHAPES) as ShapeName[]) {
  await writeBeside(`${PUBLIC}cards/${shape}.png`, await drawEmptyCard(shape))
}

for (const file of await readdir(ASSETS)) {
  if (!written.has(file)) await rm(ASSETS + file)
}
