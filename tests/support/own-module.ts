/**
 * How Node.js runs a module of ours in a process of its own: by tsx in a checkout, as it is where `npm test` has
 * compiled it.
 *
 * @param source path of the .ts file
 */
export function ownModule(source: string): { path: string; execArgv: string[] } {
  return import.meta.url.endsWith('.ts')
    ? { path: source, execArgv: ['--import', 'tsx'] }
    : { path: source.replace(/\.ts$/, '.js'), execArgv: [] }
}

/** Arguments for Node.js. */
export function ownProgram(source: string, ...args: string[]): string[] {
  const { path, execArgv } = ownModule(source)
  return [...execArgv, path, ...args]
}
