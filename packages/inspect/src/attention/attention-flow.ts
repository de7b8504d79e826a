import { atOnce, type Turns } from '@heddle/core'
import type { WeightMatrix } from './attention-heads.ts'
import { withResidual } from './rollout.ts'

// L layers, T tokens

/** Capacity that counts as none. */
const EPSILON = 1e-12

/**
 * Attention flow: the largest flow from an output token down to each input token, where an edge between two layers carries at most
 * its attention weight, half of it the residual connection's. It costs a maximum flow for each pair of tokens: for short texts.
 *
 * @param layers the mean over heads of each layer of self-attention, bottom to top, each [T, T]
 * @returns [T, T], each row scaled to sum to 1
 * @see Abnar & Zuidema 2020, "Quantifying attention flow in Transformers"
 */
export function attentionFlow(layers: readonly WeightMatrix[]): number[][] {
  return atOnce(attentionFlowInTurns(layers))
}

/** {@link attentionFlow}, a pair of tokens in each turn. */
export function* attentionFlowInTurns(layers: readonly WeightMatrix[]): Turns<number[][]> {
  const capacities = layers.map(withResidual)
  const T = capacities[0]?.length ?? 0
  const rows: number[][] = []
  for (let from = 0; from < T; from++) {
    const row: number[] = []
    for (let to = 0; to < T; to++) {
      row.push(maximumFlow(capacities, from, to))
      yield
    }
    const sum = row.reduce((total, flow) => total + flow, 0)
    rows.push(row.map((flow) => (sum > 0 ? flow / sum : 0)))
  }
  return rows
}

/** Largest flow from token `from` above the last layer to token `to` below the first, by shortest augmenting paths. */
function maximumFlow(capacities: readonly WeightMatrix[], from: number, to: number): number {
  const L = capacities.length
  const T = capacities[0]!.length
  // Node d·T + t is token t, d layers below the top; down[d][t][s] is what the edge to s one layer further down may still carry.
  const down = Array.from({ length: L }, (_, d) => capacities[L - 1 - d]!.map((row) => Float64Array.from(row)))
  const used = down.map((rows) => rows.map((row) => new Float64Array(row.length)))
  const target = L * T + to
  let flow = 0
  for (;;) {
    const path = shortestPath(down, used, from, target, T)
    if (path === undefined) return flow
    const most = path.reduce((least, [d, t, s, back]) => Math.min(least, (back ? used : down)[d]![t]![s]!), Infinity)
    for (const [d, t, s, back] of path) {
      const sign = back ? -1 : 1
      down[d]![t]![s]! -= sign * most
      used[d]![t]![s]! += sign * most
    }
    flow += most
  }
}

/** An edge from token t, d layers below the top, to token s one layer further down; taken upwards where it goes back. */
type Step = readonly [d: number, t: number, s: number, back: boolean]

function shortestPath(
  down: readonly (readonly Float64Array[])[],
  used: readonly (readonly Float64Array[])[],
  source: number,
  target: number,
  T: number,
): Step[] | undefined {
  const reached = new Map<number, { readonly before: number; readonly step: Step } | undefined>([[source, undefined]])
  const queue = [source]
  for (const node of queue) {
    if (node === target) break
    const [d, t] = [Math.floor(node / T), node % T]
    const visit = (next: number, step: Step) => {
      if (reached.has(next)) return
      reached.set(next, { before: node, step })
      queue.push(next)
    }
    for (let s = 0; s < T; s++) {
      if (d < down.length && down[d]![t]![s]! > EPSILON) visit((d + 1) * T + s, [d, t, s, false])
      if (d > 0 && used[d - 1]![s]![t]! > EPSILON) visit((d - 1) * T + s, [d - 1, s, t, true])
    }
  }
  if (!reached.has(target)) return undefined
  const path: Step[] = []
  for (let link = reached.get(target); link !== undefined; link = reached.get(link.before)) path.push(link.step)
  return path.reverse()
}
