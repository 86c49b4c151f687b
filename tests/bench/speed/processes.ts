import type { ChildProcess } from 'node:child_process'

/** Tells a process of the bench what to do, and waits for what comes of it. */
export function ask<T>(child: ChildProcess, task: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new Error(`a process of the bench ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message as T)
    })
    child.send(task)
  })
}
