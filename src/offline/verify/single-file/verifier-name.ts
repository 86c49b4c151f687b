/** The verifier's file, in public/ and wherever people keep it. */
export const VERIFIER = 'undersigned-verify.mjs'
