// Scratch memory of this thread. Every thread runs an instance of its own, and so has globals of its own.

import { CONSTANT_COUNT, setConstants } from '../math/constants'

// Sizes in floats: a block of A, a block of B, one tile (of C, or of a matrix that is transposed).
// @ts-ignore: decorator
@inline export const BLOCK_M: i32 = 120
// @ts-ignore: decorator
@inline export const BLOCK_N: i32 = 512
// @ts-ignore: decorator
@inline export const BLOCK_K: i32 = 256
/** Blocks of K between two visits to C, whose sums stay in scratch memory meanwhile. */
// @ts-ignore: decorator
@inline export const GROUP: i32 = 2

// @ts-ignore: decorator
@inline const TILE: i32 = 16 * 16
// @ts-ignore: decorator
@inline const STRIP: i32 = BLOCK_M * 16

export let packedABlock: usize = 0
export let packedBBlock: usize = 0
export let tileScratch: usize = 0
/** Sums of a block of rows and one panel of columns. */
export let stripScratch: usize = 0

/** @entry Bytes of scratch memory that a thread needs. */
export function scratchBytes(): usize {
  return <usize>(CONSTANT_COUNT + BLOCK_M * GROUP * BLOCK_K + BLOCK_N * BLOCK_K + TILE + STRIP) << 2
}

/** @entry Gives this thread its scratch memory; called once per instance before any other function. */
export function setScratch(address: usize): void {
  setConstants(address)
  packedABlock = address + (<usize>CONSTANT_COUNT << 2)
  packedBBlock = packedABlock + (<usize>(BLOCK_M * GROUP * BLOCK_K) << 2)
  tileScratch = packedBBlock + (<usize>(BLOCK_N * BLOCK_K) << 2)
  stripScratch = tileScratch + (<usize>TILE << 2)
}
