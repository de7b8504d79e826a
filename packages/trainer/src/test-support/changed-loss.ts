import { constant, type ObjectiveLoss, SGD, Trainer, type TrainerOptions } from '../index.ts'
import { type Batch, Batches, type Example, examples, Network, Regression } from './regression.ts'

/** A trainer of a regression whose loss is changed by `change`, with its model. */
export function setUpChanged(
  options: Partial<TrainerOptions<Example, Batch>> = {},
  change: (result: ObjectiveLoss, batch: Batch) => ObjectiveLoss = (result) => result,
) {
  const model = new Network(1, 0)
  const objective = new Regression(model)
  const original = objective.loss.bind(objective)
  const changed = { collate: objective.collate.bind(objective), loss: (batch: Batch) => change(original(batch), batch) }
  const trainer = new Trainer<Example, Batch>({
    model,
    objective: changed,
    train: new Batches(examples(64, 2), 16),
    optimizer: new SGD(model),
    schedule: constant(0.01),
    steps: 20,
    ...options,
  })
  return { model, trainer }
}
