import { runShort } from './parts/short-trials.ts'
import { trial as killMailing } from './trials/kill-mailing.ts'
import { trial as killProgram } from './trials/kill-program.ts'
import { trial as mailAway } from './trials/mail-away.ts'

runShort('under load, the program is killed and its mail server fails', [
  killProgram,
  mailAway,
  killMailing,
])
