import { runShort } from './parts/short-trials.ts'
import { trial as readOnly } from './trials/database-read-only.ts'
import { trial as silent } from './trials/database-silent.ts'
import { trial as killDatabase } from './trials/kill-database.ts'

runShort('under load, the database fails', [killDatabase, silent, readOnly])
