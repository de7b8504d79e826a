import type { NodeModules } from './node-modules.ts'

/** Settings by which a binary is compiled. */
export interface CompileOptions {
  readonly node: NodeModules | undefined
  /** Let V8 fuse pairs of 128-bit operations to 256-bit ones. Node 24 and later. */
  readonly revectorize?: boolean
  /** Compile functions when they are first called: for a trial that calls a few. */
  readonly lazy?: boolean
}

/** Whether this engine's compiler knows how to revectorize. */
export function canRevectorize(node: NodeModules | undefined): boolean {
  return node !== undefined && node.major >= 24
}

/**
 * Runs `body` with V8 set to compile WebAssembly by its optimizing compiler at once, and back to its defaults afterwards.
 *
 * V8 would start with its baseline compiler, and revectorization would reach modules that are not ours; with the flags on
 * for the moment of compiling only, neither happens. In other engines `body` simply runs.
 */
export function withCompilerFlags<T>({ node, revectorize, lazy }: CompileOptions, body: () => T): T {
  if (node === undefined) return body()
  const flags = ['liftoff', ...(lazy ? [] : ['wasm-lazy-compilation', 'wasm-dynamic-tiering'])]
  const experimental = [
    ...(revectorize && canRevectorize(node) ? ['experimental-wasm-revectorize'] : []),
    // Shipped in V8 11.4; Node 20 has 11.3.
    ...(node.major < 22 ? ['experimental-wasm-relaxed-simd'] : []),
  ]
  const set = (flag: string) => node.v8.setFlagsFromString(flag)
  for (const flag of flags) set(`--no-${flag}`)
  for (const flag of experimental) set(`--${flag}`)
  try {
    return body()
  } finally {
    for (const flag of flags) set(`--${flag}`)
    for (const flag of experimental) set(`--no-${flag}`)
  }
}

/** A compiled module, or undefined where this engine does not know its instructions. */
export async function compile(
  binary: Uint8Array<ArrayBuffer>,
  options: CompileOptions,
): Promise<WebAssembly.Module | undefined> {
  if (options.node === undefined) {
    return WebAssembly.validate(binary) ? WebAssembly.compile(binary) : undefined
  }
  return withCompilerFlags(options, () => (WebAssembly.validate(binary) ? new WebAssembly.Module(binary) : undefined))
}

/**
 * The binary with a custom section at its end that says `mark`. V8 keeps compiled modules by their bytes; two that should
 * be compiled under different flags have to differ.
 */
export function marked(binary: Uint8Array, mark: number): Uint8Array<ArrayBuffer> {
  const CUSTOM_SECTION = 0
  const content = [1, 0x6d, mark]
  const copy = new Uint8Array(binary.length + 2 + content.length)
  copy.set(binary)
  copy.set([CUSTOM_SECTION, content.length, ...content], binary.length)
  return copy
}
