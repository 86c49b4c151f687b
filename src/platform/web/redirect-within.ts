import type { FastifyReply } from 'fastify'

/** To another page of this site. */
export const redirectWithin = (reply: FastifyReply, path: string, status: 302 | 303) =>
  reply.redirect(within(path), status)

/** In an onSend hook: turns the answer into a redirect to another page of this site. */
export function turnIntoRedirect(reply: FastifyReply, path: string): void {
  reply.removeHeader('content-type').removeHeader('content-language')
  reply.status(302).header('location', within(path))
}

/**
 * To a browser "//x" and "/\x" are another host, also with tabs and line breaks in between: whatever is given, the
 * path begins with exactly one slash.
 */
const within = (path: string) => `/${path.replace(/^[/\\\s]+/, '')}`
