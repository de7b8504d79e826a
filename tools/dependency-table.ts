/**
 * Which Heddle packages a package may depend on (DESIGN: dependencies point upwards only). A package may always use those that
 * its dependencies may use.
 */
export const dependencyTable: Readonly<Record<string, readonly string[]>> = {
  core: [],
  tokenizer: ['core'],
  data: ['core'],
  metrics: ['core'],
  ngram: ['core'],
  hub: ['core'],
  synthetic: ['core'],
  layers: ['core'],
  attention: ['layers'],
  rnn: ['attention'],
  transformer: ['attention'],
  decoding: ['layers'],
  trainer: ['layers', 'data'],
  'bert-pretrain': ['transformer', 'tasks'],
  kernels: [],
  tasks: ['decoding', 'trainer', 'tokenizer', 'metrics', 'ngram'],
  export: ['tasks'],
  recipes: ['tasks', 'bert-pretrain', 'synthetic'],
  search: ['tasks'],
  inspect: ['tasks', 'rnn'],
  views: ['inspect', 'search'],
  std: ['recipes', 'rnn', 'transformer', 'views'],
  testing: ['rnn', 'tasks'],
  parity: ['testing', 'std', 'kernels'],
  cli: ['std', 'views', 'kernels', 'hub', 'export'],
  playground: ['std', 'views', 'kernels'],
  bench: ['std', 'kernels', 'export'],
}

/** Packages that run without tfjs: they do not import it, and import only types from packages that need it. */
export const withoutTfjs: readonly string[] = [
  'core',
  'tokenizer',
  'data',
  'metrics',
  'ngram',
  'hub',
  'synthetic',
  'views',
]

/** Every package that `name` may import, directly or through what it depends on. */
export function allowedFor(name: string, table = dependencyTable): Set<string> {
  const allowed = new Set<string>()
  const visit = (current: string, path: readonly string[]) => {
    if (path.includes(current)) throw new Error(`The dependency table has a cycle: ${[...path, current].join(' -> ')}`)
    for (const next of table[current] ?? []) {
      allowed.add(next)
      visit(next, [...path, current])
    }
  }
  visit(name, [])
  return allowed
}
