/** Named by row types that a record's own types lead to. Nothing here has one. */
interface Buffer extends Uint8Array {}
