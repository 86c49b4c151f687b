import { getBytes, type HttpOptions } from './get-bytes.ts'
import type { LogFiles } from './log-files.ts'

/** The log of a site, under `<origin>/log/`. */
export function siteFiles(origin: string, http: HttpOptions): LogFiles {
  return { read: (path, limit) => getBytes(new URL(`/log/${path}`, origin), limit, http) }
}
