// Products of few rows with weights that are packed into panels.

import { tile, tileColumns, tileRows } from '../gemm/tile'
import { at } from '../memory/address'

/** Number of panels of n columns. */
// @ts-ignore: decorator
@inline
export function panels(n: i32): i32 {
  return (n + tileColumns - 1) / tileColumns
}

/**
 * y = from + x·W + bias for m rows and the panels from `first` up to `last`. The rows of y hold whole panels; `from` has y's pitch,
 * or is 0.
 */
export function panelsProduct(
  m: i32,
  k: i32,
  first: i32,
  last: i32,
  x: usize,
  xRow: i32,
  packed: usize,
  bias: usize,
  from: usize,
  y: usize,
  yRow: i32,
): void {
  const blocks = (m + tileRows - 1) / tileRows
  const pitch = <usize>yRow << 2
  for (let panel = first; panel < last; panel++) {
    const column = panel * tileColumns
    const b = at(packed, column * k)
    for (let block = 0, row = 0; block < blocks; block++) {
      const count = rowsOf(m, blocks, block)
      const target = row * yRow + column
      const source: usize = from == 0 ? 0 : at(from, target)
      tile(count, k, at(x, row * xRow), <usize>xRow << 2, 4, b, source, pitch, at(bias, column), at(y, target), pitch)
      row += count
    }
  }
}

/** Rows of a block when all are as equal as can be. */
// @ts-ignore: decorator
@inline
function rowsOf(m: i32, blocks: i32, block: i32): i32 {
  return m / blocks + i32(block < m % blocks)
}
