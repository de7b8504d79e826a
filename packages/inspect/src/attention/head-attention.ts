import { reportsHeads } from '@heddle/attention'
import { HeddleError, inTurns } from '@heddle/core'
import { type Module, namedModules, readerOf, setTraining } from '@heddle/layers'
import { type Abortable, pairReading, type Task, type TextToken, textReading } from '@heddle/tasks'
import { attentionFlowInTurns } from './attention-flow.ts'
import type { AttentionHeadsExhibit, AttentionStack, WeightMatrix } from './attention-heads.ts'
import { headFigures } from './head-figures.ts'
import { type ObservedHeads, observedHeads } from './observed-heads.ts'
import { attentionRollout, meanWeights } from './rollout.ts'

// T queries, S keys

/** Weights are shown in percent: five decimals keep the JSON of a long text short. */
const DECIMALS = 1e5

export interface HeadAttentionOptions extends Abortable {
  /** Only this layer, from 0. */
  readonly layer?: number | undefined
  /** Only this head of each layer, from 0. */
  readonly head?: number | undefined
  /** The target of an encoder-decoder (default: the text that it writes). */
  readonly target?: string | undefined
  /** Summarizes self-attention by attention flow, which is slow, instead of rollout. */
  readonly flow?: boolean | undefined
}

/**
 * Attention by layer and head while a model reads a text; an encoder-decoder also reads what it writes for it.
 *
 * @returns undefined for a model without attention heads
 * @throws HeddleError `usage` when the task reads no text, or for a layer or head that the model does not have; `data` for a text of
 * one token
 */
export async function headAttention(
  task: Task,
  text: string,
  options: HeadAttentionOptions = {},
): Promise<AttentionHeadsExhibit | undefined> {
  if (!namedModules(task.model).some(([, module]) => reportsHeads(module))) return undefined
  setTraining(task.model, false)
  const read = await readText(task, text, options.target)
  const observed = await observedHeads(read.root, read.forward)
  if (observed.length === 0) return undefined
  const stacks: AttentionStack[] = []
  for (const layers of stacksOf(observed)) {
    const { name, queries, keys } = read.labels(layers[0]!)
    stacks.push(await stackOf(name, queries, keys, layers, options))
  }
  // What a decoder looks at in its source tells most.
  stacks.sort((a, b) => Number(b.over === 'memory') - Number(a.over === 'memory'))
  return {
    kind: 'attention-heads',
    title: 'Attention by layer and head',
    ...(read.text !== undefined && { text: read.text }),
    stacks,
  }
}

interface Labels {
  readonly name: string
  readonly queries: readonly TextToken[]
  readonly keys: readonly TextToken[]
}

interface Reading {
  readonly root: Module
  readonly text?: string
  forward(): void
  /** The tokens that a module's rows and columns stand for. */
  labels(observed: ObservedHeads): Labels
}

async function readText(task: Task, text: string, target: string | undefined): Promise<Reading> {
  const { abilities } = task.pipeline
  const pairs = pairReading.find(abilities)
  if (pairs !== undefined) {
    const pair = await pairs.read(text, target)
    const encoder = new Set(namedModules(readerOf(pair.model)).map(([, module]) => module))
    return {
      root: pair.model,
      text: pair.text,
      forward: pair.forward,
      labels({ module }) {
        if (encoder.has(module)) return { name: 'Encoder', queries: pair.source, keys: pair.source }
        if (module.attendsTo === 'itself') return { name: 'Decoder', queries: pair.target, keys: pair.target }
        return { name: 'Decoder over the source', queries: pair.written, keys: pair.source }
      },
    }
  }
  const reader = textReading.find(abilities)
  if (reader === undefined) {
    throw new HeddleError(
      'usage',
      `attention: expected a run that reads text, got ${task.where}, a run of '${task.type}'. Use a language model, a text classifier, a tagger or a text-to-text run.`,
    )
  }
  const read = reader.read(text)
  return {
    root: read.reader,
    forward: read.forward,
    labels: () => ({ name: 'Self-attention', queries: read.tokens, keys: read.tokens }),
  }
}

/** Modules whose paths differ in numbers only, such as those of a stack of layers, belong together. */
function stacksOf(observed: readonly ObservedHeads[]): ObservedHeads[][] {
  const stacks = new Map<string, ObservedHeads[]>()
  for (const each of observed) {
    const key = each.path.replaceAll(/\d+/g, '*')
    stacks.set(key, [...(stacks.get(key) ?? []), each])
  }
  return [...stacks.values()]
}

async function stackOf(
  name: string,
  queries: readonly TextToken[],
  keys: readonly TextToken[],
  observed: readonly ObservedHeads[],
  { layer, head, flow = false, signal }: HeadAttentionOptions,
): Promise<AttentionStack> {
  const over = observed[0]!.module.attendsTo
  const isSelf = over === 'itself'
  const means = observed.map(({ heads }) => meanWeights(heads))
  const kind = isSelf ? (flow ? 'flow' : 'rollout') : 'mean'
  const layers = chosen(observed, layer, `layers of ${name}`).map(([{ path, heads }, l]) => ({
    layer: l,
    path,
    heads: chosen(heads, head, `heads of layer ${l}`).map(([weights, n]) => ({
      head: n,
      weights: rounded(weights),
      figures: headFigures(weights, isSelf),
    })),
  }))
  const summary = await {
    rollout: () => attentionRollout(means),
    flow: () => inTurns(attentionFlowInTurns(means), signal),
    mean: () => meanWeights(means),
  }[kind]()
  return { name, over, queries, keys, layers, summary: { kind, weights: rounded(summary) } }
}

/** All items with their numbers, or the one of a number. @throws HeddleError `usage` for a number that there is none of */
function chosen<T>(items: readonly T[], wanted: number | undefined, what: string): [item: T, number: number][] {
  const numbered = items.map((item, i): [T, number] => [item, i])
  if (wanted === undefined) return numbered
  if (items[wanted] !== undefined) return [numbered[wanted]!]
  throw new HeddleError(
    'usage',
    `attention: expected one of the ${what}, 0 to ${items.length - 1}, got ${wanted}. Choose another.`,
  )
}

const rounded = (weights: WeightMatrix): WeightMatrix =>
  weights.map((row) => row.map((weight) => Math.round(weight * DECIMALS) / DECIMALS))
