import { createHistogram, type Times } from '../load/histogram.ts'
import type { Letter } from '../mail/letters.ts'
import { Did, type SignersProgress } from '../replay-task.ts'

/** What was acknowledged to each signer, and when. */
export interface Ledger {
  progress: SignersProgress
  /** By signer, bits of `Did`. */
  did: Uint8Array
  has(signer: number, what: number): boolean
  acknowledge(signer: number): void
  acknowledgeAgain(): void
  /** @returns whether it is the signer's first with a link */
  takeLetter(letter: Letter): boolean
  confirm(signer: number): void
  mailDelay(): Times
}

export function createLedger(signers: number): Ledger {
  const did = new Uint8Array(signers)
  const acknowledgedAt = new Float64Array(signers)
  const mailDelay = createHistogram()
  const progress: SignersProgress = {
    sent: 0,
    acknowledged: 0,
    twice: 0,
    mailed: 0,
    confirmed: 0,
    doubledMails: 0,
    mailsWithoutLink: 0,
    lastConfirmedAt: 0,
  }
  const has = (signer: number, what: number) => (did[signer]! & what) !== 0

  return {
    progress,
    did,
    has,
    mailDelay: () => mailDelay.summary(),
    acknowledge(signer) {
      did[signer]! |= Did.sign
      acknowledgedAt[signer] = performance.now()
      progress.acknowledged++
      // The mail was faster than the answer.
      if (has(signer, Did.getMail)) mailDelay.add(0)
    },
    acknowledgeAgain() {
      progress.twice++
    },
    takeLetter({ signer, at, token }) {
      if (token === null) progress.mailsWithoutLink++
      else if (has(signer, Did.getMail)) progress.doubledMails++
      if (token === null || has(signer, Did.getMail)) return false
      did[signer]! |= Did.getMail
      progress.mailed++
      const delay = at - performance.timeOrigin - acknowledgedAt[signer]!
      if (has(signer, Did.sign)) mailDelay.add(Math.max(0, delay))
      return true
    },
    confirm(signer) {
      did[signer]! |= Did.confirm
      progress.confirmed++
      progress.lastConfirmedAt = performance.timeOrigin + performance.now()
    },
  }
}
