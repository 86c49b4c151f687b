import type { FastifyInstance } from 'fastify'

/** The one-click body of RFC 8058 is 26 bytes; as multipart some 200. */
const BODY_LIMIT_BYTES = 4096

/**
 * Reads no body in this scope, whatever its type: the address of a mailed link says it all. RFC 8058, section 3.2: the
 * button of a mail program posts multipart/form-data or a urlencoded form.
 */
export function ignoreBody(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
    async () => undefined,
  )
}
