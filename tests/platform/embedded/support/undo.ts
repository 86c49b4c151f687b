import type { TestContext } from 'node:test'

type Undo = () => unknown

const stacks = new WeakMap<TestContext, Undo[]>()

/** Like `t.after`, but last first: a server is stopped before its folder is removed. */
export function undoAfter(t: TestContext, undo: Undo): void {
  const stack = stacks.get(t)
  if (stack) {
    stack.push(undo)
    return
  }
  const begun = [undo]
  stacks.set(t, begun)
  t.after(async () => {
    for (const step of begun.reverse()) await step()
  })
}
