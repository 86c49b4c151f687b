/**
 * A module that runs in a thread and lies beside the one that starts it: TypeScript in a checkout,
 * JavaScript once built. tsx is registered anew, since a thread doesn't inherit it.
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
