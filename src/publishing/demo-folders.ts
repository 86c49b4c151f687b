import { fileURLToPath } from 'node:url'

/** The petition of the demonstration, as its organisers' files. */
export const DEMO = fileURLToPath(new URL('./demo', import.meta.url))

/** What the demonstration's site says about itself, as an operator's files. */
export const DEMO_PAGES = fileURLToPath(new URL('./demo/pages', import.meta.url))
