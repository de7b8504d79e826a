// One more step of a stack of Transformer layers that keep their keys and values, and the logits after it, in one call.
//
//   normFirst:  h = x + f(norm(x)) for each sublayer f: attention, attention over a source, a feed-forward network
//   else:       h = norm(x + f(x))
//
// Weights come packed (src/fused/packed-layers.ts), in the order in which a step reads them: bias and panels of a map, numbers of a
// norm. Each thread reads its share of the panels of a map front to back. An element of a product is summed by one thread in one
// order, so that results do not depend on the number of threads.
//
// B batch, D hidden size, F size of the inner layer, N heads, U steps of the source, V vocabulary

import { CACHED_LAYERS_PART } from '../generated/job-ids'
import { gemv } from '../gemm/gemv'
import { addScaledRow } from '../math/row-math'
import { at } from '../memory/address'
import { everyThread, threadCount, watchLonger } from '../threads/threads'
import { CachedLayersArguments, logitRows, normed, padded, sourceScores, stream } from './cached-layers-arguments'
import { map, normStream } from './norm-and-map'
import { attention, network, sourceAttention } from './sublayers'

// Fewer weights are read as soon by one thread, which waits for nobody between the parts of a layer.
// @ts-ignore: decorator
@inline const ALONE: i64 = 1 << 21

/** @entry */
export function cachedLayers(p: CachedLayersArguments): void {
  const D = p.size
  const weights = 2 * <i64>D * ((p.heads + p.keyValueHeads) * p.headSize + p.innerSize)
  for (let b = 0; b < p.batch; b++) memory.copy(at(stream(p), b * padded(D)), at(p.x, b * D), <usize>D << 2)
  if (weights * p.layers < ALONE || threadCount > p.threads) cachedLayersPart(p, 0, 1)
  else everyThread(CACHED_LAYERS_PART, changetype<usize>(p))
  for (let b = 0; b < p.batch; b++) {
    const row = at(p.logits, b * p.vocabulary)
    memory.copy(row, at(logitRows(p), b * padded(p.vocabulary)), <usize>p.vocabulary << 2)
  }
  if (p.sourceSteps > 0) meanSourceWeights(p)
}

/** Mean over the heads of the last layer. */
function meanSourceWeights(p: CachedLayersArguments): void {
  const U = p.sourceSteps
  memory.fill(p.sourceWeights, 0, <usize>(p.batch * U) << 2)
  const share = <f32>1 / <f32>p.heads
  for (let i = 0; i < p.batch * p.heads; i++) {
    addScaledRow(at(p.sourceWeights, (i / p.heads) * U), at(sourceScores(p), i * U), share, U)
  }
}

/** @job All of a step but copies of the results. */
export function cachedLayersPart(p: CachedLayersArguments, thread: i32, threads: i32): void {
  watchLonger()
  const D = p.size
  let weights = p.packed
  if (p.normFirst == 0) memory.copy(normed(p, thread), stream(p), <usize>(p.batch * padded(D)) << 2)
  for (let layer = 0; layer < p.layers; layer++) {
    weights = attention(p, layer, weights, thread, threads)
    if (p.sourceSteps > 0) weights = sourceAttention(p, layer, weights, thread, threads)
    weights = network(p, weights, thread, threads)
  }
  if (p.normFirst != 0) weights = normStream(p, weights, thread)
  const logits = logitRows(p)
  const pitch = padded(p.vocabulary)
  if (p.table == 0) map(p, D, p.vocabulary, normed(p, thread), padded(D), weights, 0, logits, pitch, thread, threads)
  else {
    const first = share(p.vocabulary, thread, threads)
    const count = share(p.vocabulary, thread + 1, threads) - first
    const rows = at(p.table, first * D)
    gemv(p.batch, count, D, normed(p, thread), padded(D), 1, rows, 1, D, at(logits, first), pitch, false)
    for (let b = 0; b < p.batch; b++) addScaledRow(at(logits, b * pitch + first), at(weights, first), 1, count)
  }
}

/** The first of `total` things of a thread, a multiple of 4. */
// @ts-ignore: decorator
@inline
function share(total: i32, thread: i32, threads: i32): i32 {
  return thread == threads ? total : <i32>((<i64>total * thread) / threads) & ~3
}
