import { markingArguments } from './recognise-server.ts'

/** What the server must have; what an operator may tune is in postgresql.conf (create-cluster.ts). */
export function serverArguments(options: {
  data: string
  port: number
  marker: string
  owner: string
}): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: options.port,
    unix_socket_directories: '', // their paths have a short limit
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: '%m [%p] ',
    // A failing statement or a duplicate key's detail could carry a signer's address into the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  }
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', options.data, ...markingArguments(options.marker, options.owner), ...given]
}
