/**
 * A module to run in a thread, beside the one that starts it: as TypeScript in a checkout, as
 * JavaScript once built.
 *
 * tsx teaches its own thread to read TypeScript and no other: each new one has to be told again.
 *
 * @param from `import.meta.url` of the module that starts the thread
 * @param name of the file, without its extension
 */
export function threadFile(from: string, name: string): { filename: string; execArgv: string[] } {
  const isSource = from.endsWith('.ts')
  const filename = new URL(`./${name}.${isSource ? 'ts' : 'js'}`, from).href
  return { filename, execArgv: isSource ? ['--import', registerTsx()] : [] }
}

function registerTsx(): string {
  const api = JSON.stringify(import.meta.resolve('tsx/esm/api'))
  return `data:text/javascript,${encodeURIComponent(`import { register } from ${api}; register()`)}`
}
