import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ask } from '../../bench/speed/processes.ts'
import { ownModule } from '../../support/own-module.ts'

/** Attackers have a process of their own: the measurement of honest people's times must not wait for them. */
export async function inOwnProcess<Result>(file: string, task: object): Promise<Result> {
  const { path, execArgv } = ownModule(fileURLToPath(new URL(`./${file}`, import.meta.url)))
  const child = fork(path, [], { execArgv })
  try {
    return await ask<Result>(child, task)
  } finally {
    child.kill()
  }
}
