// Norms and linear maps of a step of Transformer layers, of packed weights: each reads its own and returns the address behind them.
//
// D hidden size

import { tileColumns } from '../gemm/tile'
import { at } from '../memory/address'
import { sumSquaresRow } from '../math/row-math'
import { writeRow } from '../reductions/normalize'
import { sum } from '../reductions/reduce'
import { barrier } from '../threads/threads'
import { CachedLayersArguments, normed, padded, stream } from './cached-layers-arguments'
import { panels, panelsProduct } from './panels-product'

/** Floats before the weight of a norm: whether there is one, whether it centers, its epsilon. */
// @ts-ignore: decorator
@inline const NORM_HEADER: i32 = 16

/** A sublayer reads `normed`; this is what is added to its output. */
// @ts-ignore: decorator
@inline
function residual(p: CachedLayersArguments, thread: i32): usize {
  return p.normFirst != 0 ? stream(p) : normed(p, thread)
}

/** normed = norm(stream); returns where the weights go on. */
export function normStream(p: CachedLayersArguments, weights: usize, thread: i32): usize {
  const pitch = padded(p.size)
  for (let b = 0; b < p.batch; b++) norm(p.size, at(stream(p), b * pitch), weights, at(normed(p, thread), b * pitch))
  return afterNorm(p.size, weights)
}

// @ts-ignore: decorator
@inline
export function afterNorm(n: i32, weights: usize): usize {
  return at(weights, NORM_HEADER + 2 * padded(n))
}

/** x and y may be the same memory. */
export function norm(n: i32, x: usize, weights: usize, y: usize): void {
  if (f32.load(weights) == 0) {
    memory.copy(y, x, <usize>n << 2)
    return
  }
  const mean = f32.load(weights, 4) != 0 ? sum(x, n) / <f32>n : <f32>0
  const r = <f32>1 / sqrt<f32>(sumSquaresRow(x, n, mean) / <f32>n + f32.load(weights, 8))
  const weight = at(weights, NORM_HEADER)
  writeRow(n, x, mean, r, weight, at(weight, padded(n)), y)
}

/** A thread's share of y = from + x·W + bias, where x has k columns and y n; returns where the weights go on. */
export function map(
  p: CachedLayersArguments,
  k: i32,
  n: i32,
  x: usize,
  xRow: i32,
  weights: usize,
  from: usize,
  y: usize,
  yRow: i32,
  thread: i32,
  threads: i32,
): usize {
  const count = panels(n)
  const first = (count * thread) / threads
  const last = (count * (thread + 1)) / threads
  const matrix = at(weights, padded(n))
  panelsProduct(p.batch, k, first, last, x, xRow, matrix, weights, from, y, yRow)
  return at(matrix, padded(count * tileColumns * k))
}

/** stream = residual + rows·W + bias, from where the next sublayer goes on. */
export function addOutput(
  p: CachedLayersArguments,
  k: i32,
  rows: usize,
  pitch: i32,
  weights: usize,
  thread: i32,
  threads: i32,
): usize {
  barrier()
  const from = residual(p, thread)
  weights = map(p, k, p.size, rows, pitch, weights, from, stream(p), padded(p.size), thread, threads)
  barrier()
  return p.normFirst != 0 ? weights : normStream(p, weights, thread)
}
