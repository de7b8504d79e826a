import { canRevectorize, marked, withCompilerFlags } from './compile.ts'
import { KernelError } from './errors.ts'
import { argumentBytes, KernelExports, type RawExports } from './generated/exports.ts'
import type { NodeModules } from './node-modules.ts'
import { type ProbeResult, probeBytes, probeTiles, type Tile } from './probe.ts'

const PAGE = 65536
const MOST_PAGES = 65536

/** Address of the arguments of the trial: behind address 0. */
const ARGUMENTS = 64

// Revectorization is experimental in V8: it has to earn its keep.
const WORTHWHILE_GAIN = 1.1

export interface CompilerChoice {
  readonly revectorized: boolean
  /** The fastest micro-kernel under that compiler, or undefined where only the final module can tell. */
  readonly tile: Tile | undefined
}

/**
 * Decides by a trial of some 20 ms whether V8 should revectorize our kernels.
 *
 * @param exact results with and without must be equal bit for bit, not only close
 */
export function chooseCompiler(
  binary: Uint8Array,
  revectorize: 'auto' | 'on' | 'off',
  exact: boolean,
  node: NodeModules | undefined,
  log: (message: string) => void,
): CompilerChoice {
  if (node === undefined) {
    if (revectorize === 'on') log('useWasm: no revectorization, because only Node can switch it on.')
    return { revectorized: false, tile: undefined }
  }
  const plain = trial(binary, false, node)
  if (revectorize === 'off') return { revectorized: false, tile: plain.tile }
  if (!canRevectorize(node)) {
    if (revectorize === 'on') log(`useWasm: no revectorization, because it needs Node 24 or later, not ${node.major}.`)
    return { revectorized: false, tile: plain.tile }
  }
  const wide = trial(binary, true, node)
  if (!agree(plain.product, wide.product, exact)) {
    if (revectorize === 'on') {
      throw new KernelError(
        'backend',
        "useWasm: revectorized kernels gave wrong results on this machine. Leave out revectorize: 'on'.",
      )
    }
    log('useWasm: no revectorization, because it gave wrong results in the trial.')
    return { revectorized: false, tile: plain.tile }
  }
  if (revectorize === 'auto' && plain.ms / wide.ms < WORTHWHILE_GAIN) {
    return { revectorized: false, tile: plain.tile }
  }
  return { revectorized: true, tile: wide.tile }
}

function trial(binary: Uint8Array, revectorize: boolean, node: NodeModules): ProbeResult {
  return withCompilerFlags({ node, revectorize, lazy: true }, () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES })
    const module = new WebAssembly.Module(marked(binary, revectorize ? 3 : 2))
    const raw = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as RawExports
    memory.grow(Math.ceil((ARGUMENTS + argumentBytes + probeBytes(raw)) / PAGE))
    const words = { HEAP32: new Int32Array(memory.buffer), HEAPF32: new Float32Array(memory.buffer) }
    return probeTiles(new KernelExports(raw, words, ARGUMENTS), words, ARGUMENTS + argumentBytes, 0)
  })
}

function agree(a: Float32Array, b: Float32Array, exact: boolean): boolean {
  return a.every((value, i) => (exact ? Object.is(value, b[i]) : Math.abs(value - b[i]!) <= 1e-4))
}
