import { HeddleError, periodicYield, show, suggest, writeSafetensors } from '@heddle/core'
import { loadStateDict, type StateDict, setTraining, stateDict } from '@heddle/layers'
import { EarlyStopping } from './early-stopping.ts'
import { type GradientStepResult, gradientStep } from './gradient-step.ts'
import { type Checkpoint, CheckpointFiles } from './run/checkpoint.ts'
import { RunLog } from './run/run-log.ts'
import { TrainerState } from './run/trainer-state.ts'
import { isAdaptive } from './schedules/schedule.ts'
import { StepClock } from './step-clock.ts'
import type { TrainerOptions, TrainingResult } from './trainer-options.ts'
import { validate } from './validate.ts'
import { WeightAverage } from './weight-average.ts'

/**
 * Trains a model: batch, loss, gradients, clipping, update; validation, early stopping, checkpoints and the log.
 *
 * With validation, training ends with the weights that were best on it; without, with the last ones. A run that is killed and
 * started again with `resume` continues from its checkpoint and ends with the same weights, bit for bit, as one that was not.
 */
export class Trainer<E, B> {
  readonly #options: TrainerOptions<E, B>
  readonly #stopping: EarlyStopping
  readonly #average: WeightAverage | undefined
  readonly #state: TrainerState
  readonly #files: CheckpointFiles | undefined
  readonly #log: RunLog | undefined
  readonly #clock: StepClock
  readonly #evaluateEvery: number
  readonly #checkpointEvery: number
  #started = false
  #step = 0
  #elapsedMs = 0
  /** The steps of the last checkpoint and of the weights in model.safetensors. */
  #saved: number | undefined
  #published: number | undefined
  #losses: number[] = []
  #best: { step: number; metrics: Record<string, number>; weights: StateDict } | undefined

  constructor(options: TrainerOptions<E, B>) {
    for (const name of [
      'steps',
      'accumulate',
      'evaluateEvery',
      'checkpointEvery',
      'logEvery',
      'validationBatchSize',
    ] as const) {
      const value = options[name] ?? 1
      if (!Number.isSafeInteger(value) || value < 1) {
        throw new HeddleError('config', `Trainer: expected ${name} to be an integer above 0, got ${value}.`)
      }
    }
    for (const name of ['clipNorm', 'clipValue'] as const) {
      if (options[name] !== undefined && !(options[name] > 0)) {
        throw new HeddleError(
          'config',
          `Trainer: expected ${name} above 0, got ${options[name]}. Leave it out to not clip.`,
        )
      }
    }
    const { patience, mode, weightAveraging, store } = options
    const hasMetrics = options.validation !== undefined || options.evaluate !== undefined
    if (patience !== undefined && !hasMetrics) {
      throw new HeddleError(
        'config',
        'Trainer: expected validation examples, as patience is set, got none. Give validation or evaluate.',
      )
    }
    this.#options = options
    this.#stopping = new EarlyStopping({ ...(patience !== undefined && { patience }), ...(mode && { mode }) })
    this.#average = weightAveraging && new WeightAverage(options.model, weightAveraging)
    this.#state = new TrainerState(options, this.#stopping, this.#average)
    this.#files = store && new CheckpointFiles(store)
    this.#log = store && new RunLog(store)
    this.#clock = new StepClock()
    this.#evaluateEvery = options.evaluateEvery ?? Math.max(1, options.train.batchesPerEpoch)
    this.#checkpointEvery = options.checkpointEvery ?? this.#evaluateEvery
  }

  /**
   * Makes the remaining steps. When `signal` aborts, the current step is finished and saved, and the model keeps its current
   * weights: calling `train` again, or resuming from the store, continues from there.
   *
   * @throws HeddleError `training` when the loss or the gradient is not finite
   */
  async train(signal?: AbortSignal): Promise<TrainingResult> {
    const release = await this.#options.store?.lock?.()
    try {
      await this.#start()
      return await this.#run(signal)
    } finally {
      await release?.()
    }
  }

  async #run(signal: AbortSignal | undefined): Promise<TrainingResult> {
    const { steps, model } = this.#options
    setTraining(model, true)
    this.#clock.start(this.#elapsedMs)
    const yieldNow = periodicYield()
    try {
      while (this.#step < steps && !this.#stopping.exhausted && signal?.aborted !== true) {
        await this.#makeStep()
        const last = this.#step === steps
        if (last || this.#step % this.#evaluateEvery === 0) await this.#validate()
        if (last || this.#stopping.exhausted || this.#step % this.#checkpointEvery === 0) await this.#save()
        await yieldNow()
      }
      const reason = this.#stopping.exhausted ? 'patience' : this.#step >= steps ? 'finished' : 'aborted'
      await this.#save()
      return await this.#end(reason)
    } catch (error) {
      // The last lines show what happened; the error matters more than a log that cannot be written.
      await this.#log?.flush().catch(() => {})
      throw error
    } finally {
      this.#elapsedMs = this.#clock.elapsedMs
      setTraining(model, false)
    }
  }

  /** Frees the tensors of optimizer and averages, and those that the objective carries; the model stays. */
  dispose(): void {
    this.#state.dispose()
  }

  async #start(): Promise<void> {
    if (this.#started) return
    const checkpoint = await this.#files?.read()
    if (this.#options.resume) await this.#resume(checkpoint)
    else if (checkpoint !== undefined || (await this.#log?.exists())) {
      throw new HeddleError(
        'usage',
        `Trainer: expected an empty store, got a run${checkpoint ? ` at step ${checkpoint.step}` : ''}. Set resume to continue it, or use another folder.`,
      )
    }
    this.#started = true
  }

  async #resume(checkpoint: Checkpoint | undefined): Promise<void> {
    if (checkpoint === undefined) {
      await this.#log?.cut(0)
      return
    }
    const { best, elapsedMs, logBytes, losses } = this.#state.restore(checkpoint)
    this.#step = checkpoint.step
    this.#saved = checkpoint.step
    this.#best = best
    this.#losses = losses
    this.#elapsedMs = elapsedMs
    await this.#log?.cut(logBytes)
    await this.#files?.removeLeftovers()
  }

  async #makeStep(): Promise<void> {
    const { schedule, steps, train, logEvery = 1, events } = this.#options
    this.#clock.beginStep()
    const learningRate = checkedRate(schedule(this.#step), this.#step)
    const epoch = train.epoch
    const { accumulate = 1, clipNorm, clipValue } = this.#options
    const result: GradientStepResult = await gradientStep(
      { ...this.#options, accumulate, clipNorm, clipValue },
      this.#step,
      learningRate,
      this.#losses,
    )
    this.#step++
    this.#losses = [...this.#losses, result.loss].slice(-5)
    this.#average?.update(this.#step)
    const { loss, metrics, gradientNorm, weight } = result
    const { tokensPerSecond, remainingMs } = this.#clock.endStep(this.#step, steps, weight)
    const { elapsedMs } = this.#clock
    const event = {
      step: this.#step,
      steps,
      epoch,
      loss,
      metrics,
      learningRate,
      gradientNorm,
      tokensPerSecond,
      elapsedMs,
      remainingMs,
    }
    if (this.#step % logEvery === 0) {
      const { steps: _, remainingMs: __, ...line } = event
      await this.#log?.add({ event: 'step', ...line })
    }
    events?.onStep?.(event)
  }

  async #validate(): Promise<void> {
    const {
      model,
      objective,
      validation,
      validationBatchSize = 32,
      evaluate,
      monitor = 'loss',
      schedule,
      events,
    } = this.#options
    if (validation === undefined && evaluate === undefined) return
    const measure = async () => {
      const batches = typeof validation === 'function' ? validation() : batchesOf(validation ?? [], validationBatchSize)
      const metrics: Record<string, number> =
        validation === undefined ? {} : await validate({ model, objective, batches, step: this.#step })
      if (evaluate !== undefined) {
        setTraining(model, false)
        Object.assign(metrics, await evaluate())
        setTraining(model, true)
      }
      const value = metrics[monitor]
      if (value === undefined) {
        throw new HeddleError(
          'config',
          `Trainer: expected monitor to be one of the validation metrics, got '${monitor}'. ${suggest(monitor, Object.keys(metrics))}`,
        )
      }
      const best = this.#stopping.observe(this.#step, value)
      if (best) this.#best = { step: this.#step, metrics, weights: await snapshot(model) }
      return { metrics, value, best }
    }
    const { metrics, value, best } = this.#average ? await this.#average.apply(measure) : await measure()
    if (isAdaptive(schedule)) schedule.observe(value)
    const event = { step: this.#step, epoch: this.#options.train.epoch, metrics, best }
    await this.#log?.add({ event: 'validation', ...event, elapsedMs: this.#clock.elapsedMs })
    await this.#log?.flush()
    events?.onValidation?.(event)
  }

  async #save(): Promise<void> {
    const { store, model, events } = this.#options
    if (store === undefined || this.#files === undefined || this.#log === undefined) return
    if (this.#saved !== this.#step) {
      await this.#log.flush()
      const { elapsedMs } = this.#clock
      const progress = { elapsedMs, logBytes: this.#log.bytes, losses: this.#losses, best: this.#best }
      await this.#files.write(await this.#state.capture(this.#step, progress))
      this.#saved = this.#step
      events?.onCheckpoint?.({ step: this.#step })
    }
    const published = this.#best?.step ?? this.#step
    if (this.#published === published) return
    const current = () => stateDict(model)
    const weights = this.#best?.weights ?? (await (this.#average?.apply(current) ?? current()))
    // transformers refuses a file whose metadata do not name a framework.
    await store.write('model.safetensors', writeSafetensors(weights, { format: 'pt' }))
    this.#published = published
  }

  async #end(reason: TrainingResult['reason']): Promise<TrainingResult> {
    const { model, events } = this.#options
    if (reason !== 'aborted') {
      if (this.#best !== undefined) loadStateDict(model, this.#best.weights)
      else await this.#average?.apply(async () => loadStateDict(model, await snapshot(model)))
    }
    const best = this.#stopping.best
    const result: TrainingResult = {
      steps: this.#step,
      reason,
      loss: this.#losses.at(-1) ?? Number.NaN,
      best: best && { ...best, metrics: this.#best?.metrics ?? {} },
      elapsedMs: this.#clock.elapsedMs,
    }
    events?.onEnd?.(result)
    return result
  }
}

/** @throws HeddleError `training` when a schedule returns no valid rate */
function checkedRate(rate: number, step: number): number {
  if (Number.isFinite(rate) && rate >= 0) return rate
  throw new HeddleError(
    'training',
    `Trainer: expected the schedule to return a learning rate of at least 0, got ${show(rate)} at step ${step + 1}. Correct the schedule or its settings.`,
  )
}

/** Copies the weights, so that later steps do not change them. */
async function snapshot(model: object): Promise<StateDict> {
  const state = await stateDict(model)
  return new Map([...state].map(([path, tensor]) => [path, { ...tensor, bytes: tensor.bytes.slice() }]))
}

function* batchesOf<E>(examples: readonly E[], size: number): Generator<readonly E[]> {
  for (let i = 0; i < examples.length; i += size) yield examples.slice(i, i + size)
}
