/** The role that made the cluster and that the program connects as. */
export const SUPERUSER = 'undersigned'

export const DATABASE = 'undersigned'

export function serverUrl(password: string, port: number, database = DATABASE): string {
  return `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}
