/**
 * Checks the size of the built packages: gzipped bytes of a minified bundle of one import, against a budget.
 *
 * Build first: `pnpm build`.
 */
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'

interface Budget {
  readonly name: string
  readonly code: string
  /** Kilobytes that are loaded at once. */
  readonly entry: number
  /** Kilobytes in the end, with the chunks that are loaded by `import()`. */
  readonly all?: number
  /** Packages that are not counted. */
  readonly external?: readonly string[]
  /** Chunks of which an engine loads only one: the largest counts. */
  readonly oneOf?: RegExp
}

const budgets: readonly Budget[] = [
  { name: 'one metric', code: "export { bleu } from '@heddle/metrics'", entry: 5 },
  // The target is 45. Of the rest, the engine for Oniguruma's expressions is 11.5: `Tokenizer.fromJSON` is synchronous and may need it. The
  // cutting of long texts into pieces, so that a signal ends training on them, is 0.7.
  { name: 'Tokenizer', code: "export { Tokenizer } from '@heddle/tokenizer'", entry: 55.5 },
  { name: 'LSTM with tfjs-core', code: "export { LSTM } from '@heddle/rnn'", entry: 90 },
  {
    // Of all chunks, tfjs's own binary is 101, without the functions that ours replace; Heddle's is 38, and the TypeScript side 41.
    name: 'useWasm without tfjs',
    code: "export { useWasm } from '@heddle/kernels'",
    entry: 20,
    all: 185,
    external: ['@tensorflow/*'],
    oneOf: /^kernels-/,
  },
]

let failures = 0
for (const budget of budgets) {
  const { entry, all } = await measure(budget)
  const limits: [string, number, number | undefined][] = [
    [budget.name, entry, budget.entry],
    [`${budget.name}, with its chunks`, all, budget.all],
  ]
  for (const [name, bytes, limit] of limits) {
    if (limit === undefined) continue
    const fits = bytes <= 1000 * limit
    if (!fits) failures++
    console.log(`${fits ? 'fits   ' : 'TOO BIG'}  ${name}: ${(bytes / 1000).toFixed(1)} kB of ${limit} kB`)
  }
}
process.exitCode = failures === 0 ? 0 : 1

async function measure({ code, external = [], oneOf = /^$/ }: Budget): Promise<{ entry: number; all: number }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    outdir: 'sizes',
    write: false,
    metafile: true,
    external: [...external],
    logLevel: 'error',
  })
  const bytes = new Map(
    outputFiles.map(({ path, contents }) => [basename(path), gzipSync(contents, { level: 9 }).length]),
  )
  const sum = (names: readonly string[]) => names.reduce((total, name) => total + bytes.get(name)!, 0)
  const atOnce = chunksAtOnce(metafile)
  const later = [...bytes.keys()].filter((name) => !atOnce.has(name))
  const alternatives = later.filter((name) => oneOf.test(name)).map((name) => bytes.get(name)!)
  const entry = sum([...atOnce])
  return { entry, all: entry + sum(later.filter((name) => !oneOf.test(name))) + Math.max(0, ...alternatives) }
}

/** The entry and all that it imports, without what it loads by `import()`. */
function chunksAtOnce({ outputs }: Metafile): Set<string> {
  const seen = new Set<string>()
  const visit = (path: string) => {
    if (seen.has(basename(path))) return
    seen.add(basename(path))
    for (const { path: next, kind } of outputs[path]!.imports) {
      if (kind === 'import-statement' && next in outputs) visit(next)
    }
  }
  for (const [path, { entryPoint }] of Object.entries(outputs)) if (entryPoint === '<stdin>') visit(path)
  return seen
}
