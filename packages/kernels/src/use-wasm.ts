import { setBackend } from '@tensorflow/tfjs-core'
import { Allocations } from './allocations.ts'
import { chooseCompiler } from './choose-compiler.ts'
import { compile, marked, withCompilerFlags } from './compile.ts'
import { registerKernels } from './define-kernel.ts'
import { unpack } from './embedded.ts'
import { KernelError } from './errors.ts'
import type { RawExports } from './generated/exports.ts'
import { Heap, type TfjsModule } from './heap.ts'
import { type NodeModules, nodeModules } from './node-modules.ts'
import { probeBytes, probeTiles } from './probe.ts'
import { withSharedMemory } from './shared-memory.ts'
import { startBackend } from './start-backend.ts'
import { ThreadPool } from './thread-pool.ts'

export interface UseWasmOptions {
  /** Threads that share large operations, this one included. Default `'all'`: one per core. */
  readonly threads?: number | 'all'
  /**
   * Whether V8 may fuse pairs of 128-bit operations to 256-bit ones. Default `'auto'`: in Node 24 and later, where a
   * short trial gives right results and a gain. Never in browsers.
   */
  readonly revectorize?: 'auto' | 'on' | 'off'
  /** Kernels whose results are the same in every engine and for every number of threads. Default false. */
  readonly exact?: boolean
  /** Told why something that was asked for is not available. */
  readonly log?: (message: string) => void
}

/** The set-up that `useWasm` has made. */
export interface WasmDescription {
  readonly variant: 'simd' | 'relaxed-simd'
  readonly threads: number
  readonly revectorized: boolean
  readonly exact: boolean
  /** Rows and columns of the matrix product's micro-kernel. */
  readonly tile: readonly [rows: number, columns: number]
}

let first: { readonly options: UseWasmOptions; readonly ready: Promise<WasmDescription> } | undefined

/**
 * Makes tfjs's 'wasm' backend, with Heddle's kernels in it, the current one. Nothing else is needed: no path, no file to
 * serve, in Node, in a browser and under any bundler.
 *
 * Call it once at the start of a program; a second call returns what the first one set up.
 *
 * @throws HeddleError `backend` where WebAssembly SIMD is missing
 * @throws HeddleError `usage` when a second call asks for something else than the first
 */
export async function useWasm(options: UseWasmOptions = {}): Promise<WasmDescription> {
  checkOptions(options)
  if (first === undefined) {
    const ready = start(options).catch((error) => {
      first = undefined
      throw error
    })
    first = { options, ready }
  }
  for (const name of ['threads', 'revectorize', 'exact'] as const) {
    if (options[name] !== undefined && options[name] !== first.options[name]) {
      throw new KernelError(
        'usage',
        `useWasm: expected ${name} ${first.options[name] ?? 'left to its default'}, as in the first call, got ${options[name]}. Choose once, at the start of the program.`,
      )
    }
  }
  const description = await first.ready
  await setBackend('wasm')
  return description
}

// Engines that compile in stages need some milliseconds until a function runs at its final speed.
const WARM_UP_MS = 4

async function start(options: UseWasmOptions): Promise<WasmDescription> {
  const { exact = false, revectorize = 'auto', log = () => {} } = options
  const node = nodeModules()
  let threads = wantedThreads(options.threads ?? 'all', node, log)
  const tfjs = await startBackend(threads > 1)
  const { memory } = (tfjs.wasm as unknown as TfjsModule).asm
  // Not by instanceof: a program may have taken SharedArrayBuffer away.
  const shared = Object.prototype.toString.call(memory.buffer) === '[object SharedArrayBuffer]'
  if (threads > 1 && !shared) {
    log("useWasm: 1 thread, because tfjs's wasm backend was started before, without shared memory.")
    threads = 1
  }

  const { binary, variant } = await kernelBinary(exact, node)
  const choice = chooseCompiler(binary, revectorize, exact, node, log)
  const bytes = marked(shared ? withSharedMemory(binary) : binary, choice.revectorized ? 1 : 0)
  const module = (await compile(bytes, { node, revectorize: choice.revectorized }))!
  const instance = await WebAssembly.instantiate(module, { env: { memory } })
  const allocations = new Allocations(tfjs)
  const heap = new Heap(tfjs, allocations, instance.exports as unknown as RawExports)
  const { exports } = heap
  let tile = choice.tile
  if (tile === undefined) {
    const trial = heap.allocate(probeBytes(exports))
    tile = probeTiles(exports, heap.words, trial, WARM_UP_MS).tile
    heap.free(trial)
  }
  exports.setTile(...tile)
  exports.setScratch(heap.allocate(exports.scratchBytes()))

  let pool: ThreadPool | undefined
  if (threads > 1) {
    const control = heap.allocate(exports.controlBytes(), true)
    const scratch = Array.from({ length: threads - 1 }, () => heap.allocate(exports.scratchBytes()))
    try {
      pool = await ThreadPool.start({ module, memory, control, tile, threads }, scratch, node)
      heap.threads = threads
      exports.startPool(control, threads, node !== undefined || typeof window === 'undefined')
    } catch (error) {
      log(`useWasm: 1 thread, because ${(error as Error).message}.`)
      threads = 1
    }
  }
  const { allKernels } = await import('./all-kernels.ts')
  registerKernels(allKernels, heap, allocations, (error) => pool?.explain(error) ?? error)
  return { variant, threads, revectorized: choice.revectorized, exact, tile }
}

function checkOptions({ threads, revectorize, exact, log }: UseWasmOptions): void {
  const wrong = (name: string, wanted: string, got: unknown) => {
    throw new KernelError(
      'usage',
      `useWasm: expected ${name} to be ${wanted}, got ${String(got)}. Leave it out for the default.`,
    )
  }
  if (threads !== undefined && threads !== 'all' && !(Number.isInteger(threads) && threads >= 1)) {
    wrong('threads', "'all' or an integer from 1 on", threads)
  }
  if (revectorize !== undefined && !['auto', 'on', 'off'].includes(revectorize)) {
    wrong('revectorize', "'auto', 'on' or 'off'", revectorize)
  }
  if (exact !== undefined && typeof exact !== 'boolean') wrong('exact', 'true or false', exact)
  if (log !== undefined && typeof log !== 'function') wrong('log', 'a function', log)
}

function wantedThreads(asked: number | 'all', node: NodeModules | undefined, log: (message: string) => void): number {
  const cores = node?.os.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1
  const threads = Math.min(asked === 'all' ? cores : asked, MOST_THREADS)
  if (threads > 1 && node === undefined && globalThis.crossOriginIsolated !== true) {
    log(`useWasm: 1 thread, because ${withoutThreads()}.`)
    return 1
  }
  if (threads > 1 && typeof SharedArrayBuffer === 'undefined') {
    log('useWasm: 1 thread, because this engine has no SharedArrayBuffer.')
    return 1
  }
  return threads
}

/** Reason for which an engine other than Node starts no threads. */
function withoutThreads(): string {
  const versions: Record<string, string | undefined> = globalThis.process?.versions ?? {}
  const runtime = versions['bun'] !== undefined ? 'Bun' : versions['deno'] !== undefined ? 'Deno' : undefined
  return runtime === undefined
    ? 'this page is not cross-origin isolated (Cross-Origin-Opener-Policy and -Embedder-Policy)'
    : `${runtime} runs the kernels without threads; Node and browsers run them with threads`
}

// Beyond this, our products are too small to be cut finer.
const MOST_THREADS = 32

/** The binary for this engine: fused multiply-adds where it has them and results need not be the same everywhere. */
async function kernelBinary(exact: boolean, node: NodeModules | undefined) {
  if (!exact) {
    const binary = await unpack((await import('./generated/kernels-relaxed-simd.ts')).default)
    const valid = withCompilerFlags({ node }, () => WebAssembly.validate(binary))
    if (valid) return { binary, variant: 'relaxed-simd' as const }
  }
  const binary = await unpack((await import('./generated/kernels-simd.ts')).default)
  return { binary, variant: 'simd' as const }
}
