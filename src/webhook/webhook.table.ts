import type { Generated, GeneratedAlways } from 'kysely'

/** A system of organisers' that is told what happens. */
export interface WebhookTable {
  id: GeneratedAlways<number>
  /** Null: of all petitions. */
  petition_id: number | null
  url: Buffer
  events: string[]
  secret: Buffer
  /** Signs beside the new one until then. */
  former_secret: Buffer | null
  former_until: Date | null
  created_at: Date
  paused_at: Date | null
  paused_why: string | null
}

export interface WebhookEventTable {
  id: GeneratedAlways<string>
  message_id: string
  petition_id: number
  type: string
  at: Date
  body: string
}

export type DeliveryState = 'waiting' | 'delivered' | 'failed'

/** An event that a webhook is told. */
export interface WebhookDeliveryTable {
  id: GeneratedAlways<string>
  webhook_id: number
  event_id: string
  state: Generated<DeliveryState>
  tries: Generated<number>
  due_at: Date
  ended_at: Date | null
  why: string | null
}

/** What was told last of a petition: events are what is different now. */
export interface WebhookToldTable {
  petition_id: number
  stage: string
  hidden: boolean
  counted: number
  counted_at: Date
  milestone: number
  /** The newest. */
  update_id: number
  entry_id: number
}
