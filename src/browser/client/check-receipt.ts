import type { Trust } from '../../log/core/note/open-checkpoint.ts'
import { type VerifiedReceipt, verifyReceipt } from '../../log/core/verify-receipt.ts'
import { say, type Tell } from './say.ts'

/** Larger files are no receipts. */
const MAX_BYTES = 100_000

/** Checks a receipt that the reader chose or pasted. Nothing is sent anywhere. */
export function checkReceipt(root: HTMLElement, trust: Trust, tell: Tell): void {
  const part = <Part extends HTMLElement>(name: string) =>
    root.querySelector<Part>(`[data-${name}]`)!
  const file = part<HTMLInputElement>('receipt-file')
  const text = part<HTMLTextAreaElement>('receipt-text')
  const verdict = part('receipt-verdict')
  part('receipt-part').hidden = false
  part('check-receipt').addEventListener('click', check)
  file.addEventListener('change', check)

  async function check(): Promise<void> {
    const bytes = await read()
    if (!bytes) return say(verdict, 'plain', [tell('receiptEmpty')])
    const verified = await verifyReceipt(bytes, trust)
    say(verdict, verified.ok ? 'good' : 'bad', explain(verified))
  }

  async function read(): Promise<Uint8Array | null> {
    const chosen = file.files?.[0]
    if (chosen && chosen.size <= MAX_BYTES) return new Uint8Array(await chosen.arrayBuffer())
    const pasted = text.value.trim()
    // A clipboard may change line ends and drop the last one.
    return pasted ? new TextEncoder().encode(`${pasted.replace(/\r\n?/g, '\n')}\n`) : null
  }

  function explain(verified: VerifiedReceipt): string[] {
    if (!verified.ok) return [tell(problemOf(verified.problem))]
    const { entry, index, checkpoint } = verified
    if (entry.kind !== 'sign' || entry.slug !== root.dataset.slug) return [tell('receiptOther')]
    const values = {
      petition: entry.slug,
      n: index,
      count: checkpoint.size,
      hour: entry.hour.replace('T', ' ').replace('Z', ':00 UTC'),
    }
    return [tell('receiptGood', values), tell('receiptTakenOut')]
  }
}

function problemOf(problem: string): string {
  if (problem === 'checkpoint-unsigned' || problem === 'checkpoint-wrong-origin')
    return 'receiptKey'
  if (problem === 'not-in-the-log' || problem === 'checkpoint-bad-signature') return 'receiptNotIn'
  return 'receiptMalformed'
}
