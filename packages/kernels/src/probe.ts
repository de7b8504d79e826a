import type { KernelExports } from './kernel-exports.ts'

export type Tile = readonly [rows: number, columns: number]

/** The sizes of the matrix product's micro-kernel: which is fastest depends on the registers that the engine uses. */
const tiles: readonly Tile[] = [
  [6, 8],
  [4, 8],
  [4, 16],
  [5, 16],
  [6, 16],
]

export interface ProbeResult {
  readonly tile: Tile
  /** Time of one product with that tile, in ms. */
  readonly ms: number
  /** The product: to compare compilers. */
  readonly product: Float32Array
}

// M = N = K of the trial: 0.9 million multiply-adds, some 20 microseconds.
const N = 96

/** Bytes of memory that `probeTiles` uses from `address` on. */
export function probeBytes(exports: KernelExports): number {
  return exports.scratchBytes() + 3 * 4 * N * N + 128
}

/**
 * Times the matrix product with every tile and leaves the fastest one set.
 *
 * @param warmUpMs how long each tile runs before it is timed: engines that compile in stages need some milliseconds
 */
export function probeTiles(
  exports: KernelExports,
  memory: WebAssembly.Memory,
  address: number,
  warmUpMs: number,
): ProbeResult {
  const args = address
  const a = args + 128
  const b = a + 4 * N * N
  const c = b + 4 * N * N
  exports.setScratch(c + 4 * N * N)
  const operands = new Float32Array(memory.buffer, a, 2 * N * N)
  for (let i = 0; i < operands.length; i++) operands[i] = ((i * 7919) % 1013) / 1013 - 0.5
  // Batch, M, N, K; A and B by address, batch stride, row stride, column stride; C, no bias, no activation.
  const words = [1, N, N, N, a, 0, N, 1, b, 0, N, 1, c, 0, 0, 0]
  new Int32Array(memory.buffer, args, words.length).set(words)

  const milliseconds = tiles.map((tile) => {
    exports.setTile(...tile)
    const warm = performance.now() + warmUpMs
    do exports.gemmBatch(args)
    while (performance.now() < warm)
    let best = Number.POSITIVE_INFINITY
    for (let trial = 0; trial < 8; trial++) {
      const start = performance.now()
      for (let i = 0; i < 4; i++) exports.gemmBatch(args)
      best = Math.min(best, (performance.now() - start) / 4)
    }
    return best
  })
  const ms = Math.min(...milliseconds)
  const tile = tiles[milliseconds.indexOf(ms)]!
  exports.setTile(...tile)
  exports.gemmBatch(args)
  return { tile, ms, product: new Float32Array(memory.buffer, c, N * N).slice() }
}
