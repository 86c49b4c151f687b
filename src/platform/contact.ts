export const WEB_ADDRESS = /^https?:\/\/[^\s"<>]+$/
const EMAIL_ADDRESS = /^[^\s@<>"?&]+@[^\s@<>"?&.]+(?:\.[^\s@<>"?&.]+)+$/

/** The e-mail address or page of somebody to turn to. */
export const CONTACT = new RegExp(`${EMAIL_ADDRESS.source}|${WEB_ADDRESS.source}`)

/** The target of its link. */
export const contactHref = (contact: string) =>
  WEB_ADDRESS.test(contact) ? contact : `mailto:${contact}`
