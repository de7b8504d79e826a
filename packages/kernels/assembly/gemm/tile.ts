// The choice of micro-kernel: how many rows and columns of C are kept in registers.

import * as tiles from '../generated/tiles'

/** Rows and columns of the tile in use; set once at start-up, alike on every thread, before anything is packed. */
export let tileRows: i32 = 6
export let tileColumns: i32 = 8

/** @entry */
export function setTile(rows: i32, columns: i32): void {
  tileRows = rows
  tileColumns = columns
}

/**
 * C[rows, tileColumns] = (from +) A[rows, k] * B panel (+ bias), for 1 <= rows <= tileRows; `from` and `bias` may be 0. Strides in bytes:
 * `aRow` and `aStep` between the rows and columns of A, `ldf` and `ldc` between rows.
 */
export function tile(
  rows: i32,
  k: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  from: usize,
  ldf: usize,
  bias: usize,
  c: usize,
  ldc: usize,
): void {
  if (tileColumns == 16) {
    switch (rows) {
      case 1:
        return tiles.tile1x16(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
      case 2:
        return tiles.tile2x16(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
      case 3:
        return tiles.tile3x16(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
      case 4:
        return tiles.tile4x16(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
      case 5:
        return tiles.tile5x16(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
      default:
        return tiles.tile6x16(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
    }
  }
  switch (rows) {
    case 1:
      return tiles.tile1x8(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
    case 2:
      return tiles.tile2x8(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
    case 3:
      return tiles.tile3x8(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
    case 4:
      return tiles.tile4x8(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
    case 5:
      return tiles.tile5x8(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
    default:
      return tiles.tile6x8(k, a, aRow, aStep, b, from, ldf, bias, c, ldc)
  }
}

/** Rows of `pitchedTile`. */
// @ts-ignore: decorator
@inline export const PITCHED_ROWS: i32 = 4

/**
 * C[PITCHED_ROWS, tileColumns] = (from +) A B, where Aᵀ[k, PITCHED_ROWS] and B[k, tileColumns] have rows that are `lda` and `ldb`
 * bytes apart; `from` may be 0.
 */
// @ts-ignore: decorator
@inline
export function pitchedTile(k: i32, a: usize, lda: usize, b: usize, ldb: usize, from: usize, c: usize, ldc: usize): void {
  if (tileColumns == 16) tiles.pitchedTile4x16(k, a, 4, lda, b, ldb, from, ldc, 0, c, ldc)
  else tiles.pitchedTile4x8(k, a, 4, lda, b, ldb, from, ldc, 0, c, ldc)
}
