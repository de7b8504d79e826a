import { HeddleError, periodicYield, suggest, writeSafetensors } from '@heddle/core'
import { loadStateDict, setTraining, stateDict } from '@heddle/layers'
import { BestWeights, snapshot } from './best-weights.ts'
import { checkOptions } from './check-options.ts'
import { EarlyStopping } from './early-stopping.ts'
import { type GradientStepResult, gradientStep } from './gradient-step.ts'
import { type Checkpoint, CheckpointFiles } from './run/checkpoint.ts'
import { RunLog } from './run/run-log.ts'
import { TrainerState } from './run/trainer-state.ts'
import { checkedRate } from './schedules/checked-rate.ts'
import { isAdaptive } from './schedules/schedule.ts'
import { StepClock } from './step-clock.ts'
import type { TrainerOptions, TrainingResult } from './trainer-options.ts'
import { TrainingRecord } from './training-record.ts'
import { validate } from './validate.ts'
import { WeightAverage } from './weight-average.ts'

/** Steps in a row without an update after which training that skips them gives up. */
const MOST_SKIPPED = 100

/**
 * Trains a model: batch, loss, gradients, clipping, update; validation, early stopping, checkpoints and the log.
 *
 * With validation, training ends with the weights that were best on it; without, with the last ones. A run that is killed and
 * started again with `resume` continues from its checkpoint and ends with the same weights, bit for bit, as one that was not.
 */
export class Trainer<E, B> {
  readonly #options: TrainerOptions<E, B>
  readonly #stopping: EarlyStopping
  readonly #best: BestWeights
  readonly #average: WeightAverage | undefined
  readonly #state: TrainerState
  readonly #files: CheckpointFiles | undefined
  readonly #log: RunLog | undefined
  readonly #record: TrainingRecord
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
  /** Steps in a row without an update. */
  #skipped = 0
  /** Whether the last step is one that is validated and has not been yet, as the signal came first. */
  #unvalidated = false

  constructor(options: TrainerOptions<E, B>) {
    checkOptions(options)
    const { patience, minChange = 0, keepBest = 1, mode = 'min', weightAveraging, store } = options
    this.#options = options
    this.#stopping = new EarlyStopping({ ...(patience !== undefined && { patience }), minChange, mode })
    this.#best = new BestWeights(keepBest, mode)
    this.#average = weightAveraging && new WeightAverage(options.model, weightAveraging)
    this.#state = new TrainerState(options, this.#stopping, this.#best, this.#average)
    this.#files = store && new CheckpointFiles(store)
    this.#log = store && new RunLog(store)
    this.#record = new TrainingRecord(options, this.#log)
    this.#clock = new StepClock()
    this.#evaluateEvery = options.evaluateEvery ?? Math.max(1, options.train.batchesPerEpoch)
    this.#checkpointEvery = options.checkpointEvery ?? this.#evaluateEvery
  }

  /**
   * Makes the remaining steps. When `signal` aborts, the current step is finished and saved, a validation is given up, and the
   * model keeps its current weights: calling `train` again, or resuming from the store, continues from there.
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
      if (this.#unvalidated) await this.#afterStep(signal)
      while (this.#step < steps && !this.#stopping.exhausted && signal?.aborted !== true) {
        await this.#makeStep()
        await this.#afterStep(signal)
        await yieldNow()
      }
      const isDone = this.#step >= steps && !this.#unvalidated
      const reason = this.#stopping.exhausted ? 'patience' : isDone ? 'finished' : 'aborted'
      await this.#save()
      return await this.#end(reason)
    } catch (error) {
      // The last lines show what happened; the error matters more than a log that cannot be written.
      await this.#record.flush().catch(() => {})
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
    } else await this.#record.start(undefined, {})
    this.#started = true
  }

  async #resume(checkpoint: Checkpoint | undefined): Promise<void> {
    if (checkpoint === undefined) {
      await this.#log?.cut(0)
      await this.#record.start(undefined, {})
      return
    }
    const { elapsedMs, logBytes, losses, skipped, unvalidated, recorders } = this.#state.restore(checkpoint)
    this.#step = checkpoint.step
    this.#saved = checkpoint.step
    this.#losses = losses
    this.#skipped = skipped
    this.#unvalidated = unvalidated
    this.#elapsedMs = elapsedMs
    await this.#log?.cut(logBytes)
    await this.#record.start(checkpoint.step, recorders)
    await this.#files?.removeLeftovers()
  }

  /** Validates and saves the step that was made, where that is due. */
  async #afterStep(signal: AbortSignal | undefined): Promise<void> {
    const isLast = this.#step === this.#options.steps
    this.#unvalidated = isLast || this.#step % this.#evaluateEvery === 0
    if (this.#unvalidated) {
      const isAborted = signal?.aborted === true || !(await this.#validate(signal))
      if (isAborted) return
      this.#unvalidated = false
      this.#saved = undefined
    }
    if (isLast || this.#stopping.exhausted || this.#step % this.#checkpointEvery === 0) await this.#save()
  }

  async #makeStep(): Promise<void> {
    const { schedule, steps, train, events } = this.#options
    this.#clock.beginStep()
    const learningRate = checkedRate(schedule(this.#step), this.#step)
    const epoch = train.epoch
    const { accumulate = 1, clipNorm, clipValue, nonFinite = 'stop' } = this.#options
    const watch = this.#record.watch(this.#step + 1, this.#evaluateEvery, steps)
    const onGradients = watch?.gradients.bind(watch)
    const result: GradientStepResult = await gradientStep(
      { ...this.#options, accumulate, clipNorm, clipValue, nonFinite, onGradients },
      this.#step,
      learningRate,
      this.#losses,
    )
    this.#step++
    if (result.skipped !== undefined) return this.#skip(result, result.skipped, epoch, learningRate)
    this.#skipped = 0
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
    await this.#record.step(event)
    if (watch !== undefined) await this.#record.values(await watch.event(this.#step))
    events?.onStep?.(event)
  }

  async #skip(result: GradientStepResult, reason: string, epoch: number, learningRate: number): Promise<void> {
    const { loss, gradientNorm } = result
    if (++this.#skipped > MOST_SKIPPED) {
      throw new HeddleError(
        'training',
        `Trainer: expected a step with a finite loss and gradient, got none in ${MOST_SKIPPED} steps up to step ${this.#step}. ${reason} Lower the learning rate, or warm it up for longer.`,
      )
    }
    const event = { step: this.#step, epoch, loss, gradientNorm, learningRate, reason }
    await this.#record.skipped(event, this.#clock.elapsedMs)
    this.#options.events?.onSkipped?.(event)
  }

  /** @returns false when the signal ended it; nothing has changed then */
  async #validate(signal: AbortSignal | undefined): Promise<boolean> {
    const { model, validation, evaluate, monitor = 'loss', schedule, events } = this.#options
    if (validation === undefined && evaluate === undefined) return true
    const measure = async () => {
      const metrics = await this.#measure(signal)
      if (metrics === undefined) return undefined
      const value = metrics[monitor]
      if (value === undefined) {
        throw new HeddleError(
          'config',
          `Trainer: expected monitor to be one of the validation metrics, got '${monitor}'. ${suggest(monitor, Object.keys(metrics))}`,
        )
      }
      const best = this.#stopping.observe(this.#step, value)
      await this.#best.observe(this.#step, value, metrics, model)
      return { metrics, value, best }
    }
    const measured = this.#average ? await this.#average.apply(measure) : await measure()
    if (measured === undefined) return false
    const { metrics, value, best } = measured
    if (isAdaptive(schedule)) schedule.observe(value)
    const event = { step: this.#step, epoch: this.#options.train.epoch, metrics, best }
    await this.#record.validation(event, this.#clock.elapsedMs)
    events?.onValidation?.(event)
    return true
  }

  /** All validation metrics; undefined when the signal ended it. */
  async #measure(signal: AbortSignal | undefined): Promise<Record<string, number> | undefined> {
    const { model, objective, validation, validationBatchSize = 32, evaluate, steps } = this.#options
    const options = { model, objective, step: this.#step, ...(signal && { signal }) }
    try {
      const batches =
        typeof validation === 'function' ? validation(signal) : batchesOf(validation ?? [], validationBatchSize)
      const metrics = validation === undefined ? {} : await validate({ ...options, batches })
      setTraining(model, false)
      const more = (await evaluate?.(signal)) ?? {}
      await this.#record.demonstrate(this.#step, this.#evaluateEvery, steps, signal)
      return { ...metrics, ...more }
    } catch (error) {
      if (signal?.aborted === true) return undefined
      throw error
    } finally {
      setTraining(model, true)
    }
  }

  async #save(): Promise<void> {
    const { store, model, events } = this.#options
    if (store === undefined || this.#files === undefined) return this.#record.flush()
    if (this.#saved !== this.#step) {
      const { elapsedMs } = this.#clock
      const progress = {
        ...{ elapsedMs, losses: this.#losses, skipped: this.#skipped, unvalidated: this.#unvalidated },
        ...(await this.#record.checkpoint()),
      }
      await this.#files.write(await this.#state.capture(this.#step, progress))
      this.#saved = this.#step
      events?.onCheckpoint?.({ step: this.#step })
    }
    const { best } = this.#best
    const published = best?.step ?? this.#step
    if (this.#published === published) return
    const current = () => stateDict(model)
    const weights = best?.weights ?? (await (this.#average?.apply(current) ?? current()))
    // transformers refuses a file whose metadata do not name a framework.
    await store.write('model.safetensors', writeSafetensors(weights, { format: 'pt' }))
    this.#published = published
  }

  async #end(reason: TrainingResult['reason']): Promise<TrainingResult> {
    const { model, events } = this.#options
    if (reason !== 'aborted') {
      if (this.#best.best !== undefined) loadStateDict(model, this.#best.best.weights)
      else await this.#average?.apply(async () => loadStateDict(model, await snapshot(model)))
    }
    const best = this.#stopping.best
    const result: TrainingResult = {
      steps: this.#step,
      reason,
      loss: this.#losses.at(-1) ?? Number.NaN,
      best: best && { ...best, metrics: this.#best.best?.metrics ?? {} },
      elapsedMs: this.#clock.elapsedMs,
    }
    events?.onEnd?.(result)
    return result
  }
}

function* batchesOf<E>(examples: readonly E[], size: number): Generator<readonly E[]> {
  for (let i = 0; i < examples.length; i += size) yield examples.slice(i, i + size)
}
