import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ask } from '../../bench/speed/processes.ts'

/** Attackers have a process of their own: the measurement of honest people's times must not wait for them. */
export async function inOwnProcess<Result>(file: string, task: object): Promise<Result> {
  const child = fork(fileURLToPath(new URL(`./${file}`, import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
  })
  try {
    return await ask<Result>(child, task)
  } finally {
    child.kill()
  }
}
