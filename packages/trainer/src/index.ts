export type { BatchSource } from './batch-source.ts'
export { CarriedState } from './carried-state.ts'
export { clipByNorm, clipByValue, clipFactor, globalNorm } from './clip.ts'
export { EarlyStopping, type EarlyStoppingOptions } from './early-stopping.ts'
export { averageStateDicts, averageStateDictsAsync, Ensemble } from './ensemble.ts'
export type { Objective, ObjectiveContext, ObjectiveLoss } from './objective.ts'
export { Adadelta, type AdadeltaOptions, adadeltaConfig } from './optimizers/adadelta.ts'
export { Adafactor, type AdafactorOptions, adafactorConfig } from './optimizers/adafactor.ts'
export { Adagrad, type AdagradOptions, adagradConfig } from './optimizers/adagrad.ts'
export { Adam, type AdamOptions, adamConfig } from './optimizers/adam.ts'
export { AdamW, type AdamWOptions, adamWConfig } from './optimizers/adamw.ts'
export { Lion, type LionOptions, lionConfig } from './optimizers/lion.ts'
export { Muon, type MuonOptions, muonConfig } from './optimizers/muon.ts'
export { type Optimizer, type OptimizerContext, optimizerPoint, type StepOptions } from './optimizers/optimizer.ts'
export type { GroupedParameter, GroupOptions, ParameterGroup, ParameterSource } from './optimizers/parameter-groups.ts'
export { RMSProp, type RMSPropOptions, rmsPropConfig } from './optimizers/rmsprop.ts'
export { SGD, type SGDOptions, sgdConfig } from './optimizers/sgd.ts'
export { type Slot, SlotOptimizer, type Update } from './optimizers/slot-optimizer.ts'
export { trainerPlugin } from './plugin.ts'
export { type RateRange, type RateRangeOptions, rateRange } from './rate-range.ts'
export type { TrainingRecorder } from './recorder.ts'
export { readCheckpointStep } from './run/checkpoint.ts'
export { MemoryStore } from './run/memory-store.ts'
export { type RunLogContent, readRunLog } from './run/read-run-log.ts'
export type { RunStore } from './run/run-store.ts'
export { constant } from './schedules/constant.ts'
export { cosine } from './schedules/cosine.ts'
export { cosineRestarts } from './schedules/cosine-restarts.ts'
export { exponential } from './schedules/exponential.ts'
export { inverseSquareRoot } from './schedules/inverse-square-root.ts'
export { linear } from './schedules/linear.ts'
export { multiStep } from './schedules/multi-step.ts'
export { noam } from './schedules/noam.ts'
export { type OnPlateauOptions, onPlateau } from './schedules/on-plateau.ts'
export { oneCycle } from './schedules/one-cycle.ts'
export { polynomial } from './schedules/polynomial.ts'
export {
  type AdaptiveSchedule,
  isAdaptive,
  type Schedule,
  type ScheduleContext,
  schedulePoint,
} from './schedules/schedule.ts'
export { type StableDecayOptions, stableDecay } from './schedules/stable-decay.ts'
export { stepDecay } from './schedules/step-decay.ts'
export { withWarmup } from './schedules/with-warmup.ts'
export type { PngPicture } from './tensorboard/summary.ts'
export { TensorBoard } from './tensorboard/tensorboard.ts'
export { Trainer } from './trainer.ts'
export type {
  SkippedEvent,
  StepEvent,
  TrainerEvents,
  TrainerOptions,
  TrainingResult,
  ValidationEvent,
} from './trainer-options.ts'
export { type ValidateOptions, validate } from './validate.ts'
export type { GradientHistogram, WeightHistogram } from './values/module-histograms.ts'
export type { ValueSample } from './values/value-sample.ts'
export type { ValuesEvent } from './values/value-watch.ts'
export { WeightAverage, type WeightAveraging } from './weight-average.ts'
