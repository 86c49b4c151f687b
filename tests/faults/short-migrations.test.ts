import { runShort } from './parts/short-trials.ts'
import { trial } from './trials/migrations-at-once.ts'

runShort('nodes start together', [trial])
