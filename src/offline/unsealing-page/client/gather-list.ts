import type { LineOutcome, OpenedLine, Signer } from './open-batch.ts'

/** Duplicates are found once all is open. */
export type ProblemKind =
  | Exclude<LineOutcome, 'opened'>
  /** The number stands in the file before: only the first is in the list. */
  | 'repeated'
  /** Another record has the same address. Both are in the list: a person decides. */
  | 'same e-mail'

/** In the order of the page: problems that can't be accidents come first. */
export const problemKinds: readonly ProblemKind[] = [
  'mismatch',
  'misplaced',
  'repeated',
  'same e-mail',
  'damaged',
  'no record',
  'other keys',
]

export interface Problem {
  kind: ProblemKind
  line: number
  id: string | null
  signer: Signer | null
  /** The record that came before with the same number or address. */
  earlier: Signer | null
}

export interface SignerList {
  signers: Signer[]
  problems: Problem[]
  /** Signers in the list whose address also stands with an earlier one. */
  doubled: ReadonlySet<Signer>
}

/** Sorts the opened lines into signers and problems. */
export function gatherList(opened: readonly OpenedLine[]): SignerList {
  const signers: Signer[] = []
  const problems: Problem[] = []
  const doubled = new Set<Signer>()
  const byId = new Map<string, Signer>()
  const byEmail = new Map<string, Signer>()
  for (const { line, outcome, id, signer } of opened) {
    if (outcome !== 'opened' || !signer) {
      const kind = outcome === 'opened' ? 'damaged' : outcome
      problems.push({ kind, line, id, signer, earlier: null })
      continue
    }
    const sameId = byId.get(signer.id)
    if (sameId) {
      problems.push({ kind: 'repeated', line, id, signer, earlier: sameId })
      continue
    }
    byId.set(signer.id, signer)
    signers.push(signer)
    const sameEmail = byEmail.get(signer.normalisedEmail)
    if (sameEmail) {
      problems.push({ kind: 'same e-mail', line, id, signer, earlier: sameEmail })
      doubled.add(signer)
    } else {
      byEmail.set(signer.normalisedEmail, signer)
    }
  }
  return { signers, problems, doubled }
}
