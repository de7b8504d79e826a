/** The parts of Node that threads and V8's flags need, or undefined elsewhere. Not imported, so that no bundler sees them. */
export interface NodeModules {
  readonly v8: { setFlagsFromString(flag: string): void }
  readonly os: { availableParallelism(): number }
  readonly workers: typeof import('node:worker_threads')
  readonly major: number
}

/** Node's own modules in Node (20.16 and later); undefined in browsers and in other runtimes that look like Node. */
export function nodeModules(): NodeModules | undefined {
  const { process } = globalThis as { process?: NodeJS.Process }
  if (process?.versions?.node === undefined || process.versions['bun'] !== undefined) return undefined
  if (process.versions['deno'] !== undefined || process.getBuiltinModule === undefined) return undefined
  return {
    v8: process.getBuiltinModule('node:v8'),
    os: process.getBuiltinModule('node:os'),
    workers: process.getBuiltinModule('node:worker_threads'),
    major: Number.parseInt(process.versions.node, 10),
  }
}
