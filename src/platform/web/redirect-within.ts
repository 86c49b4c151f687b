import type { FastifyReply } from 'fastify'

/** To another page of this site. */
export const redirectWithin = (reply: FastifyReply, path: string, status: 302 | 303) =>
  reply.redirect(within(path), status)

/** Makes of an answer that is about to go out, in an onSend hook, a redirect to another page of this site. */
export function turnIntoRedirect(reply: FastifyReply, path: string): void {
  reply.removeHeader('content-type').removeHeader('content-language')
  reply.status(302).header('location', within(path))
}

/**
 * What begins with two slashes, or a slash and a backslash, is another host to a browser, which drops tabs
 * and line breaks before it looks: there is one slash, whatever is given.
 */
const within = (path: string) => `/${path.replace(/^[/\\\s]+/, '')}`
