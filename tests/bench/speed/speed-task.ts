/** What the load generator is told; see load-process.ts. */
export type LoadTask = {
  port: number
  connections: number
  forMs?: number
  rate?: number
  /** Whether forms bring a proof of work. */
  proofs?: boolean
} & (
  | { kind: 'get'; path: string; encoding?: string }
  | { kind: 'sign' }
  | { kind: 'confirm'; first: number; last: number }
)

export interface LoadSummary {
  statuses: Record<number, number>
  requests: number
  seconds: number
  /** Milliseconds. */
  p50: number
  p99: number
  max: number
}
