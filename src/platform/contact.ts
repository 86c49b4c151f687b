/** An e-mail address, or the address of a page: where people can turn to. */
export const CONTACT = /^(?:[^\s@<>"?&]+@[^\s@<>"?&.]+(?:\.[^\s@<>"?&.]+)+|https?:\/\/[^\s"<>]+)$/

/** Where its link leads. */
export const contactHref = (contact: string) =>
  /^https?:/.test(contact) ? contact : `mailto:${contact}`
