import { HeddleError, inTurns, mapInTurns } from '@heddle/core'
import type { Parameter } from '@heddle/layers'
import { type Abortable, type Exhibit, type LabeledVector, type Task, vectorReading } from '@heddle/tasks'
import * as tf from '@tensorflow/tfjs-core'
import { matchingParameters } from '../changes/matching-parameters.ts'
import { checkMatches } from '../changes/weight-changes.ts'
import { principalComponentsInTurns } from './principal-components.ts'

// N examples

export interface ProjectedPoint {
  readonly x: number
  readonly y: number
  readonly label: string
  readonly text?: string
}

/** The vectors of one model. */
export interface ProjectionPanel {
  readonly name: string
  readonly points: readonly ProjectedPoint[] // N
  /** Shares of the variance along x and y. */
  readonly explained: readonly [number, number]
  /** Share of the vectors whose nearest other vector, in all dimensions, has the same label. */
  readonly sameNeighbor: number
}

/** Vectors of labeled examples in the plane of their largest variance, of one model or of two. */
export interface ProjectionExhibit extends Exhibit {
  readonly kind: 'projection'
  readonly labels: readonly string[]
  /** Number of dimensions of the vectors. */
  readonly size: number
  readonly panels: readonly ProjectionPanel[]
}

export interface ProjectVectorsOptions extends Abortable {
  /** A model whose weights are taken first, wherever it has them in the same shape: the vectors before fine-tuning. */
  readonly before?: Task | undefined
  /** Number of examples (default 500), the first ones. */
  readonly count?: number | undefined
}

/**
 * Projects the vectors from which a classifier scores labels onto their two principal components, before and after fine-tuning where
 * a model before is given. Each model has a projection of its own, so that only distances within a panel compare.
 *
 * @throws HeddleError `usage` for a task without such vectors or a model before without a parameter in common, `data` for fewer than
 * three examples
 */
export async function projectVectors(
  task: Task,
  examples: readonly unknown[],
  { before, count = 500, signal }: ProjectVectorsOptions = {},
): Promise<ProjectionExhibit> {
  const reader = vectorReading.find(task.pipeline.abilities)
  if (reader === undefined) {
    throw new HeddleError(
      'usage',
      `projection: expected a run that classifies texts or pictures, got ${task.where}, a run of '${task.type}'. Use a classifier.`,
    )
  }
  const some = examples.slice(0, count) as never[]
  if (some.length < 3) {
    throw new HeddleError('data', `projection: expected at least 3 examples, got ${some.length}. Give more data.`)
  }
  const after = await reader.read(some, { signal })
  const panels = [await panelOf(task.where, after, signal)]
  if (before !== undefined) {
    const vectors = await withWeightsOf(before, task, () => reader.read(some, { signal }))
    panels.unshift(await panelOf(before.where, vectors, signal))
  }
  return {
    kind: 'projection',
    title: 'Vectors by label',
    labels: [...new Set(after.map(({ label }) => label))].sort(),
    size: after[0]!.vector.length,
    panels,
  }
}

/** Runs `body` while the task has the weights of another one, as far as they match; its own come back in any case. */
async function withWeightsOf<T>(other: Task, task: Task, body: () => Promise<T>): Promise<T> {
  const matched = matchingParameters(task.model, other.model)
  checkMatches(matched, task, other)
  const own: [Parameter, tf.Tensor][] = []
  try {
    for (const { first, second } of matched.matches) {
      own.push([first, tf.clone(first.value)])
      first.assign(second.value)
    }
    return await body()
  } finally {
    for (const [parameter, value] of own) {
      parameter.assign(value)
      value.dispose()
    }
  }
}

async function panelOf(
  name: string,
  vectors: readonly LabeledVector[],
  signal: AbortSignal | undefined,
): Promise<ProjectionPanel> {
  const turns = principalComponentsInTurns(vectors.map(({ vector }) => vector))
  const { coordinates, explained } = await inTurns(turns, signal)
  return {
    name,
    points: vectors.map(({ label, text }, i) => ({
      x: coordinates[i]![0]!,
      y: coordinates[i]![1]!,
      label,
      ...(text !== undefined && { text }),
    })),
    explained: [explained[0]!, explained[1]!],
    sameNeighbor: await sameNeighbor(vectors, signal),
  }
}

async function sameNeighbor(vectors: readonly LabeledVector[], signal: AbortSignal | undefined): Promise<number> {
  const hasSame = ({ vector, label }: LabeledVector, i: number) => {
    let [best, nearest] = [Number.POSITIVE_INFINITY, label]
    for (const [j, other] of vectors.entries()) {
      if (i === j) continue
      const distance = squaredDistance(vector, other.vector, best)
      if (distance < best) [best, nearest] = [distance, other.label]
    }
    return nearest === label
  }
  const same = await mapInTurns(vectors, hasSame, signal)
  return same.filter(Boolean).length / vectors.length
}

/** Squared distance, or some number above `limit` where it is larger than that. */
function squaredDistance(a: Float32Array, b: Float32Array, limit: number): number {
  let sum = 0
  for (let i = 0; i < a.length && sum <= limit; i++) sum += (a[i]! - b[i]!) ** 2
  return sum
}
