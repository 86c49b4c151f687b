/** The names by which a browser on this machine reaches it; any port, for one may be forwarded to another. */
const OWN = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i

/**
 * Whether a request to what only this machine may read was sent to this machine by name. A page of another
 * site whose name its owner lets point to 127.0.0.1 (DNS rebinding) shares an origin with what answers there,
 * and could read it; the browser tells that name in `Host`.
 */
export function isOwnHost(host: string | undefined): boolean {
  return host !== undefined && OWN.test(host)
}

/** RFC 9110, 15.5.20. */
export const MISDIRECTED = 421
export const MISDIRECTED_TEXT = 'Open this page as http://127.0.0.1 or http://localhost.\n'
