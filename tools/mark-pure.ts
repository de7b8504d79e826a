/** A node of an ESTree, with its range in the code. */
interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

/** Expressions that bundlers keep although nobody uses their value, since they might do something. */
const MAY_ACT = new Set([
  'CallExpression',
  'NewExpression',
  'TaggedTemplateExpression',
  'MemberExpression',
  'SpreadElement',
])
/** Code that does not run where it stands. */
const DEFERRED = new Set(['FunctionExpression', 'ArrowFunctionExpression', 'ClassExpression'])

function contains(value: unknown, types: ReadonlySet<string>): boolean {
  if (Array.isArray(value)) return value.some((item) => contains(item, types))
  if (!isNode(value) || DEFERRED.has(value.type)) return false
  return types.has(value.type) || Object.values(value).some((inner) => contains(inner, types))
}

/**
 * Marks the constants of a module as free of side effects, so that bundlers drop those that are not used: schemas, extension points,
 * contributions, tables.
 *
 *     const metric = metricPoint.of({ config: z.strictObject({}) })
 *     const metric = /* @__PURE__ *\/ (() => metricPoint.of({ config: z.strictObject({}) }))()
 *
 * The function stands around the whole expression because a marked call alone would keep the calls in its arguments.
 *
 * @param parse gives the ESTree of the code
 */
export function markPure(code: string, parse: (code: string) => unknown): string {
  const { body } = parse(code) as { readonly body: readonly Node[] }
  const inits = body
    .map((statement) =>
      statement.type === 'ExportNamedDeclaration' ? (statement['declaration'] as Node | null) : statement,
    )
    .filter((statement) => statement?.type === 'VariableDeclaration' && statement['kind'] === 'const')
    .flatMap((statement) => statement!['declarations'] as readonly Node[])
    .map((declarator) => declarator['init'])
    .filter(isNode)
    .filter((init) => contains(init, MAY_ACT) && !contains(init, new Set(['AwaitExpression'])))
  let marked = code
  for (const { start, end } of inits.toReversed()) {
    if (/\/\* @__PURE__ \*\/\s*$/.test(marked.slice(0, start))) continue
    marked = `${marked.slice(0, start)}/* @__PURE__ */ (() => (${marked.slice(start, end)}))()${marked.slice(end)}`
  }
  return marked
}
