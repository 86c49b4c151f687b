import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Node, parse } from 'acorn'
import { fullAncestor } from 'acorn-walk'
import { transformSync } from 'esbuild'
import { checkSync } from 'recheck'
import { ownModule } from '../support/own-module.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** `src/file.ts /expression/flags`: why what it reads is short, by which constant. */
const ALLOWED = new Map<string, string>()

/** Longer than the slowest takes on a busy machine; what can't be judged in it fails. */
const TIME_LIMIT_MS = 240_000

interface Expression {
  file: string
  source: string
  flags: string
}

describe('every regular expression', () => {
  let expressions: Expression[]

  before(async () => {
    // Neither Java nor a program for one processor: the checker that is JavaScript.
    process.env.RECHECK_SYNC_BACKEND = 'pure'
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .map((file) => join('src', file))
      .sort()
    expressions = []
    // In turn: each may watch what is made meanwhile.
    for (const file of files) expressions.push(...(await findExpressions(file)))
  })

  it('takes time in proportion to what it reads, whoever wrote that', () => {
    assert.ok(expressions.length > 100, 'the search for them finds them')
    const slow = expressions.filter(isSlow).map(nameOf)
    assert.deepEqual(
      slow.filter((name) => !ALLOWED.has(name)),
      [],
    )
    const unused = [...ALLOWED.keys()].filter((name) => !slow.includes(name))
    assert.deepEqual(unused, [], 'what is allowed is there, and needs it')
  })
})

const nameOf = ({ file, source, flags }: Expression) => `${file} /${source}/${flags}`

function isSlow({ source, flags }: Expression): boolean {
  // The same verdict at every run: it tries inputs that it makes up, where theory fails it.
  const verdict = checkSync(source, flags, { timeout: TIME_LIMIT_MS, randomSeed: 1 })
  return verdict.status !== 'safe'
}

/** Literals out of the syntax tree, and what is put together when the file is loaded. */
async function findExpressions(file: string): Promise<Expression[]> {
  const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', target: 'esnext' })
  const found: Expression[] = []
  let constructs = false
  fullAncestor(
    parse(code, { ecmaVersion: 'latest', sourceType: 'module' }),
    (node, _, ancestors) => {
      if (isLiteral(node)) {
        found.push({ file, source: node.regex.pattern, flags: node.regex.flags })
      } else if (isConstruction(node)) {
        // In a function it could be made of what a request brings, and could be any.
        assert.ok(!ancestors.some(({ type }) => /Function|Method/.test(type)), file)
        constructs = true
      }
    },
  )
  return constructs ? [...found, ...(await watchConstruction(file))] : found
}

const isLiteral = (node: Node): node is Node & { regex: { pattern: string; flags: string } } =>
  node.type === 'Literal' && 'regex' in node && node.regex !== undefined

const isConstruction = (node: Node) =>
  (node.type === 'NewExpression' || node.type === 'CallExpression') &&
  'callee' in node &&
  (node.callee as Node & { name?: string }).name === 'RegExp'

async function watchConstruction(file: string): Promise<Expression[]> {
  const RealRegExp = globalThis.RegExp
  const made: Expression[] = []
  globalThis.RegExp = new Proxy(RealRegExp, {
    construct(target, given: [string | RegExp, string?]) {
      const { source, flags } = new target(...given)
      if (new Error().stack?.includes(file)) made.push({ file, source, flags })
      return new target(...given)
    },
  })
  try {
    await import(`${pathToFileURL(join(ROOT, ownModule(file).path))}?watched`)
  } finally {
    globalThis.RegExp = RealRegExp
  }
  assert.ok(made.length > 0, file)
  return made
}
