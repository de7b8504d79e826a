import * as z from 'zod'
import type { GradientHistogram, WeightHistogram } from '../values/module-histograms.ts'
import { LOG } from './run-log.ts'
import type { RunStore } from './run-store.ts'

// JSON has no NaN and no infinities; they are written as null.
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN)
const metrics = z.record(z.string(), number)
const counts = z.array(number)
const line = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('step'),
    step: z.int(),
    epoch: number,
    loss: number,
    metrics,
    learningRate: number,
    gradientNorm: number,
    tokensPerSecond: number,
    elapsedMs: number,
  }),
  z.object({
    event: z.literal('validation'),
    step: z.int(),
    epoch: number,
    metrics,
    best: z.boolean(),
    elapsedMs: number,
  }),
  z.object({
    event: z.literal('histograms'),
    step: z.int(),
    weights: z.record(z.string(), z.object({ min: number, max: number, from: number, to: number, counts })),
    gradients: z.record(z.string(), z.object({ zeros: number, from: number, counts })),
  }),
])
type Line = z.output<typeof line>

/** Weights and gradients of a step, by module. */
interface HistogramsLine {
  readonly step: number
  readonly weights: Readonly<Record<string, WeightHistogram>>
  readonly gradients: Readonly<Record<string, GradientHistogram>>
}

export interface RunLogContent {
  readonly steps: readonly Extract<Line, { event: 'step' }>[]
  readonly validations: readonly Extract<Line, { event: 'validation' }>[]
  readonly histograms: readonly HistogramsLine[]
  /** Numbers (from 1) of the lines that could not be read: damaged, or cut off by a crash. */
  readonly damagedLines: readonly number[]
}

/** Reads `log.jsonl`, from the run's first step on, also over resumptions. Damaged lines are left out and named. */
export async function readRunLog(store: RunStore): Promise<RunLogContent> {
  const bytes = (await store.read(LOG)) ?? new Uint8Array()
  const steps: Extract<Line, { event: 'step' }>[] = []
  const validations: Extract<Line, { event: 'validation' }>[] = []
  const histograms: HistogramsLine[] = []
  const damagedLines: number[] = []
  for (const [i, text] of new TextDecoder().decode(bytes).split('\n').entries()) {
    if (text === '') continue
    const entry = parsed(text)
    if (entry === 'damaged') damagedLines.push(i + 1)
    else if (entry?.event === 'step') steps.push(entry)
    else if (entry?.event === 'validation') validations.push(entry)
    else if (entry?.event === 'histograms') histograms.push(entry)
  }
  return { steps, validations, histograms, damagedLines }
}

/** @returns undefined for a line of an event that is none of the above */
function parsed(text: string): Line | undefined | 'damaged' {
  try {
    const entry = JSON.parse(text)
    const known = line.options.some(({ shape }) => shape.event.value === entry.event)
    return known ? line.parse(entry) : typeof entry.event === 'string' ? undefined : 'damaged'
  } catch {
    return 'damaged'
  }
}
