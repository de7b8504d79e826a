import { HeddleError } from '@heddle/core'
import { readCheckpointStep } from '@heddle/trainer'
import { buildSchedule, type TrainingSettings } from '../task/training-settings.ts'
import { type OpenOptions, restoreTask } from './open-run.ts'
import { readRunConfig, writeRunConfig } from './run-config.ts'
import { shellWord } from './shell-word.ts'

/**
 * Gives a run another number of steps, from its last checkpoint on. The steps that it has made must be those that a run of the new
 * length would have made: neither its schedule nor another setting may depend on the number of steps until there.
 *
 * @throws HeddleError `usage`, which names what depends on the number of steps, and from which step on
 */
export async function lengthenRun({ store, registry, name = 'run' }: OpenOptions, steps: number): Promise<void> {
  const release = await store.lock?.()
  try {
    const config = await readRunConfig(store, registry, name)
    const training = config.task['training'] as TrainingSettings
    const done = (await readCheckpointStep(store)) ?? 0
    if (steps === training.steps) return
    if (steps < done) {
      throw new HeddleError(
        'usage',
        `${name}: expected at least ${done} steps, as the run has made them, got ${steps}.`,
      )
    }
    const problem = done === 0 ? undefined : await dependence({ store, registry, name }, training, done, steps)
    if (problem !== undefined) {
      throw new HeddleError(
        'usage',
        `${name}: expected a run whose first ${done} steps are the same with ${steps} steps as with ${training.steps}, got ${problem}. ` +
          `Start a new run from its weights with --from ${shellWord(name)}.`,
      )
    }
    await writeRunConfig(store, { ...config, task: { ...config.task, training: { ...training, steps } } })
  } finally {
    await release?.()
  }
}

/** Names the setting by which the steps of a run depend on their number; undefined where none does. */
async function dependence(
  options: Required<Omit<OpenOptions, 'signal'>>,
  training: TrainingSettings,
  done: number,
  steps: number,
): Promise<string | undefined> {
  const config = await readRunConfig(options.store, options.registry, options.name)
  const task = await restoreTask(options, config)
  const [setting] = task.dependOnSteps
  task.dispose()
  if (setting !== undefined) return `${setting}, which goes from the first step to the last`
  const [before, after] = [training.steps, steps].map((length) =>
    buildSchedule({ ...training, steps: length }, options.registry, 'min'),
  ) as [(step: number) => number, (step: number) => number]
  for (let step = 0; step < done; step++) {
    const [rate, other] = [before(step), after(step)]
    if (rate === other) continue
    const schedule = training.schedule === undefined ? 'half a cosine to the last step' : `'${training.schedule.type}'`
    const share = (value: number) => Number(value.toPrecision(4))
    return `the schedule ${schedule}, whose rate at step ${step + 1} is ${share(rate)} and would be ${share(other)}; constant, inverse-square-root, on-plateau, and warmup-stable-decay before its decay, do not depend on the length`
  }
  return undefined
}
