/** The goal moves on when the count has come this near: a full line says "over", not "go on". */
const NEAR = 0.9

/** The first goal that is not yet near; beyond the last, the last doubled as often as it takes. */
export function raiseGoal(goals: readonly number[], counted: number): number {
  const listed = goals.find((goal) => counted < goal * NEAR)
  if (listed) return listed
  let goal = goals.at(-1)!
  while (counted >= goal * NEAR) goal *= 2
  return goal
}
