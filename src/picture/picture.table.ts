import type { JSONColumnType } from 'kysely'
import type { Picture } from './picture.ts'

export interface PictureTable {
  petition_id: number
  source: Buffer
  encoded: JSONColumnType<Picture>
}

export interface PictureFileTable {
  petition_id: number
  name: string
  bytes: Buffer
}
