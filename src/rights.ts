import type { Database } from './database.ts'
import type { Marks, RoleRights } from './platform/database/roles.ts'

/**
 * What web and worker may do with each table where they have roles of their own: the privileges of GRANT, of a whole
 * table or of columns. A new table is one line here; tests/database/roles.test.ts fails for a table without one, and
 * every story in tests/journeys/ runs in these roles. Commands run as the tables' owner.
 *
 * The log's entries and what is computed from them are the worker's alone to write. The web may only queue an entry,
 * and take back one that waits or the note whose it is (`log_place`), when its signer leaves. It can't read a sealed
 * record, nor the payload of a job.
 */
export const RIGHTS: RoleRights<keyof Database> = {
  petition: {
    web: 'select',
    // A draft that is published by itself.
    worker: 'select, update (published_at, publish_at, updated_at)',
  },
  picture: { web: 'select', worker: '' },
  picture_file: { web: 'select', worker: '' },
  petition_text: { web: 'select', worker: 'select' },
  deleted_petition: { web: 'select', worker: 'select' },
  submission: { web: 'select, insert, update, delete', worker: 'select, update, delete' },
  signature: { web: 'select, insert, update', worker: 'select, update' },
  mail_count: {
    web: 'select, insert, update (sent, last_sent)',
    worker: 'select, insert, update, delete',
  },
  mail_lease: { web: 'select, update, delete', worker: 'select, insert, update, delete' },
  spent_proof: { web: 'select, insert', worker: 'select, delete' },
  flow: { web: 'select, insert, update', worker: 'select, delete' },
  flow_day: { web: 'select, insert, update, delete', worker: 'select, insert, update, delete' },
  trait: { web: 'select, insert, delete', worker: 'select, delete' },
  shared_trait: { web: 'select, insert, delete', worker: 'select, delete' },
  trait_hour: { web: '', worker: 'select, insert, delete' },
  form_count: { web: 'select, insert, update', worker: 'select' },
  public_scrutiny: { web: 'select', worker: 'select, insert, update' },
  alert: { web: 'select', worker: 'select, insert, update' },
  quarantine: { web: '', worker: 'select, update' },
  quarantined: { web: 'select, delete', worker: 'select, insert, delete' },
  public_name: {
    web: 'select, insert, update, delete',
    worker: 'select, update (name, hidden, decision), delete',
  },
  comment: { web: 'select, insert, update, delete', worker: 'select, delete' },
  tally_queue: { web: 'select, insert', worker: 'select, insert, delete' },
  tally: { web: 'select', worker: 'select, insert, update, delete' },
  partner_link: { web: 'select', worker: '' },
  share_click: { web: 'select, insert, update, delete', worker: '' },
  sealed_record: {
    web: 'select (petition_id, signature_id, commitment), delete',
    worker: 'insert',
  },
  sealing_queue: { web: 'select, insert', worker: 'select, insert, update, delete' },
  paper: { web: 'select', worker: '' },
  paper_scan: { web: '', worker: '' },
  import_batch: { web: '', worker: 'select (id, petition_id, ended_at, per_minute)' },
  // Who leaves, or confirms, is taken out. What is sealed is the owner's to read.
  imported: {
    web: 'select (petition_id, tag, mark), delete',
    worker: 'select (id, batch_id, petition_id, tag, mark, commitment), update (invited), delete',
  },
  invitation: { web: '', worker: 'select, update, delete' },
  import_mark: { web: 'select, insert, update (refused), delete', worker: 'select, delete' },
  import_total: { web: 'select', worker: 'select, insert, update' },
  proved_recipient: { web: 'select', worker: '' },
  subscriber: { web: 'select, insert, update, delete', worker: 'select, update, delete' },
  petition_update: { web: 'select', worker: 'select' },
  update_text: { web: 'select', worker: 'select' },
  broadcast: { web: '', worker: 'select, insert, update' },
  broadcast_mail: { web: '', worker: 'select, insert, update, delete' },
  log_state: { web: 'select', worker: 'select, insert, update' },
  log_queue: { web: 'select, insert, delete', worker: 'select, insert, delete' },
  log_bundle: { web: 'select', worker: 'select, insert, update' },
  log_tile: { web: 'select', worker: 'select, insert, update' },
  log_place: { web: 'select, delete', worker: 'select, insert' },
  log_count: { web: 'select', worker: 'select, insert, update' },
  log_tally: { web: 'select', worker: 'select, insert, update' },
  action: { web: 'insert', worker: '' },
  letter_count: { web: 'select, insert, update', worker: '' },
  target: { web: 'select', worker: 'select' },
  target_entry: { web: 'select', worker: 'select' },
  webhook: {
    web: '',
    worker: 'select, update (paused_at, paused_why, former_secret, former_until)',
  },
  webhook_event: { web: '', worker: 'select, insert, delete' },
  webhook_delivery: { web: '', worker: 'select, insert, update, delete' },
  webhook_told: { web: '', worker: 'select, insert, update' },
  database_mark: { web: 'select, update (identity)', worker: 'select, insert, update' },
}

/** In tables of long ago, so that they outlast a migration that is taken back. */
export const MARKS: Marks = {
  web: { table: 'comment', right: 'INSERT' },
  worker: { table: 'tally', right: 'UPDATE' },
}
