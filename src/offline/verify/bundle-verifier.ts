/**
 * Makes the verifier as one file that runs by itself. The same sources make the same bytes on every
 * machine, so that the file's SHA-256 can be published and compared.
 *
 * It is left readable, for users who want to know what it does. The site never serves it: a site must
 * not hand out the program that checks it.
 */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { VERIFIER } from '../../platform/web/assets.ts'
import { listLicences } from '../unsealing-page/list-licences.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** commander is CommonJS and asks for Node.js's own modules by a `require` that an .mjs lacks. */
const HEAD = `#!/usr/bin/env node
// Undersigned's verifier: recomputes a petition's count from a site's public log, and checks receipts.
// Needs Node.js 20 or newer and nothing else: node ${VERIFIER} --help
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)`

export async function bundleVerifier(): Promise<string> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/offline/verify/verifier.ts'],
    outfile: VERIFIER,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    // Names of files stand in the bundle: those below this folder, wherever a linked one really lies.
    preserveSymlinks: true,
    banner: { js: HEAD },
    metafile: true,
    write: false,
  })
  const licences = listLicences(ROOT, Object.keys(metafile.inputs))
  const comment = licences.split('\n').map((line) => `// ${line}`.trimEnd())
  return `${outputFiles[0]!.text}\n${comment.join('\n')}\n`
}
