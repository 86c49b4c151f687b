import type { FastifyReply } from 'fastify'

/**
 * To another page of this site. What begins with two slashes, or a slash and a backslash, is another host
 * to a browser, which drops tabs and line breaks before it looks: there is one slash, whatever is given.
 */
export const redirectWithin = (reply: FastifyReply, path: string, status: 302 | 303) =>
  reply.redirect(`/${path.replace(/^[/\\\s]+/, '')}`, status)
