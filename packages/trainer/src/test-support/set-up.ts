import { stateDict } from '@heddle/layers'
import { AdamW, cosine, Trainer, type TrainerOptions, withWarmup } from '../index.ts'
import { type Batch, Batches, type Example, examples, Network, Regression } from './regression.ts'

/** A trainer that learns the curve of {@link examples}, with its parts. */
export function setUp(options: Partial<TrainerOptions<Example, Batch>> = {}, { dropout = 0.1, noise = 0 } = {}) {
  const model = new Network(1, dropout)
  const objective = new Regression(model, noise)
  const trainer = new Trainer<Example, Batch>({
    model,
    objective,
    train: new Batches(examples(64, 2), 16),
    validation: examples(40, 3),
    optimizer: new AdamW(model),
    schedule: withWarmup(cosine(0.02, { steps: 190 }), 10),
    steps: 200,
    ...options,
  })
  return { model, objective, trainer }
}

/** All weights of a network in one array. */
export async function weights(model: Network): Promise<Float32Array> {
  const state = await stateDict(model)
  return Float32Array.from([...state.values()].flatMap(({ bytes }) => [...new Float32Array(bytes.slice().buffer)]))
}
