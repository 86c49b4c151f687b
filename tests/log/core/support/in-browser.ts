/** What a page that verifies or opens would take of the core: everything but node-ed25519.ts. */

export { sha256 as portableSha256 } from '@noble/hashes/sha2.js'
export { checkLog } from '../../../../src/log/core/check-log.ts'
export { listCounted } from '../../../../src/log/core/entry/count-entries.ts'
export { signNote } from '../../../../src/log/core/note/sign-note.ts'
export { proveConsistency } from '../../../../src/log/core/tree/prove-consistency.ts'
export { proveInclusion } from '../../../../src/log/core/tree/prove-inclusion.ts'
export { resumeTree } from '../../../../src/log/core/tree/resume-tree.ts'
export { verifyConsistency } from '../../../../src/log/core/tree/verify-consistency.ts'
export { verifyReceipt } from '../../../../src/log/core/verify-receipt.ts'
export { drawIndexes } from '../../../../src/offline/audit/draw-indexes.ts'
export { boundOfBad } from '../../../../src/offline/audit/judge-sample.ts'
export { sha256 } from '../../../../src/platform/sha256.ts'
