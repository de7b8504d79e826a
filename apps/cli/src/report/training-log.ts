import type { RunStore } from '@heddle/trainer'

interface StepLine {
  readonly step: number
  readonly loss: number
  readonly learningRate: number
  readonly gradientNorm: number
}

interface ValidationLine {
  readonly step: number
  readonly metrics: Readonly<Record<string, number>>
}

/** What log.jsonl tells of a run, from its first step on, also over resumptions. */
export interface TrainingLog {
  readonly steps: readonly StepLine[]
  readonly validations: readonly ValidationLine[]
}

export async function readTrainingLog(store: RunStore): Promise<TrainingLog> {
  const bytes = await store.read('log.jsonl')
  const steps: StepLine[] = []
  const validations: ValidationLine[] = []
  for (const line of new TextDecoder().decode(bytes ?? new Uint8Array()).split('\n')) {
    if (line === '') continue
    const entry = JSON.parse(line) as { event: string } & StepLine & ValidationLine
    if (entry.event === 'step') steps.push(entry)
    else if (entry.event === 'validation') validations.push(entry)
  }
  return { steps, validations }
}
