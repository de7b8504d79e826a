import type { GemmArguments, KernelExports, Words } from './generated/exports.ts'

export type Tile = readonly [rows: number, columns: number]

/**
 * The sizes of the matrix product's micro-kernel: which is fastest depends on the registers that the engine uses. The larger ones, which
 * read less for each number they compute, come first.
 */
const tiles: readonly Tile[] = [
  [6, 16],
  [5, 16],
  [4, 16],
  [6, 8],
  [4, 8],
]

// Other work on the machine changes the times of the trial by this much; a smaller tile has to gain more.
const WORTHWHILE_GAIN = 1.1

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
export function probeBytes(exports: Pick<KernelExports, 'scratchBytes'>): number {
  return exports.scratchBytes() + 3 * 4 * N * N
}

/**
 * Times the matrix product with every tile and leaves the fastest one set.
 *
 * @param warmUpMs how long each tile runs before it is timed: engines that compile in stages need some milliseconds
 */
export function probeTiles(exports: KernelExports, { HEAPF32 }: Words, address: number, warmUpMs: number): ProbeResult {
  const a = address
  const b = a + 4 * N * N
  const c = b + 4 * N * N
  exports.setScratch(c + 4 * N * N)
  const operands = HEAPF32.subarray(a / 4, a / 4 + 2 * N * N)
  for (let i = 0; i < operands.length; i++) operands[i] = ((i * 7919) % 1013) / 1013 - 0.5
  const args: GemmArguments = {
    ...{ batch: 1, m: N, n: N, k: N, c },
    ...{ a, aBatch: 0, aRow: N, aColumn: 1, b, bBatch: 0, bRow: N, bColumn: 1 },
  }

  for (const tile of tiles) {
    exports.setTile(...tile)
    const warm = performance.now() + warmUpMs
    do exports.gemmBatch(args)
    while (performance.now() < warm)
  }
  const milliseconds = tiles.map(() => Number.POSITIVE_INFINITY)
  // In turns, so that a busy moment of the machine meets all of them.
  for (let trial = 0; trial < 8; trial++) {
    for (const [i, tile] of tiles.entries()) {
      exports.setTile(...tile)
      const start = performance.now()
      for (let run = 0; run < 4; run++) exports.gemmBatch(args)
      milliseconds[i] = Math.min(milliseconds[i]!, (performance.now() - start) / 4)
    }
  }
  const best = Math.min(...milliseconds)
  const chosen = milliseconds.findIndex((time) => time < best * WORTHWHILE_GAIN)
  const [tile, ms] = [tiles[chosen]!, milliseconds[chosen]!]
  exports.setTile(...tile)
  exports.gemmBatch(args)
  return { tile, ms, product: HEAPF32.slice(c / 4, c / 4 + N * N) }
}
