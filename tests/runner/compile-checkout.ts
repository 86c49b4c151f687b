import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'

const COMPILED = ['src', 'tests', 'migrations']
/** Files that the program or a test finds by its own place. */
const BESIDE = ['docs', 'public', 'views', 'package.json', 'tsconfig.json', '.env.example']

/**
 * Compiles all sources once, as tsx would in each process again: with tsx, half of the time of a short test is
 * spent on that. Each module stays a module of its own, at the same place below the folder that is returned.
 *
 * The sources lie beside them there, since some tests read or bundle them. The folder's name holds what paths may
 * hold: a space, and a letter beyond ASCII.
 */
export async function compileCheckout(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'undersigned tests ö-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    // In turn: `cp` fails where a folder comes into being that it is about to make.
    await copyTo(folder)
    await compileTo(folder)
    return { folder, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function compileTo(folder: string): Promise<void> {
  const files = await Promise.all(COMPILED.map(findSources))
  await build({
    entryPoints: files.flat(),
    outbase: '.',
    outdir: folder,
    bundle: true,
    plugins: [leaveImports],
    treeShaking: false,
    platform: 'node',
    format: 'esm',
    target: `node${process.versions.node}`,
    charset: 'utf8',
    // Failures name the sources of the checkout.
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'error',
  })
}

async function findSources(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true })
  return files.filter((file) => file.endsWith('.ts')).map((file) => join(folder, file))
}

/** Bundling rewrites imports, which compiling alone does not: ours to the compiled modules, none to anything else. */
const leaveImports: Plugin = {
  name: 'leave-imports',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'entry-point'
        ? undefined
        : { external: true, path: path.startsWith('.') ? path.replace(/\.ts$/, '.js') : path },
    )
  },
}

async function copyTo(folder: string): Promise<void> {
  const sources = ['src', 'tests']
  await Promise.all(
    [...sources, ...BESIDE].map((name) => cp(name, join(folder, name), { recursive: true })),
  )
  // Of the migrations only the compiled ones: each would be there twice.
  await mkdir(join(folder, 'migrations'), { recursive: true })
  await symlink(resolve('node_modules'), join(folder, 'node_modules'))
}
