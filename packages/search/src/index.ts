export {
  type MethodContext,
  type SearchMethod,
  type SuggestContext,
  searchMethodPoint,
} from './methods/search-method.ts'
export { searchPlugin } from './plugin.ts'
export { type PruneContext, type Pruner, prunerPoint } from './pruners/pruner.ts'
export type { NumericParameter, Parameter, ParameterValues, Space } from './space/space.ts'
export { isLog, parseSpace } from './space/space.ts'
export { type ParameterEffect, parameterEffects } from './study/effects.ts'
export {
  failedOutcome,
  type SearchEvents,
  type SearchOptions,
  search,
  type TrialControl,
  type TrialRunner,
  type TrialTask,
} from './study/search.ts'
export { readStudyConfig, type StudyConfig, writeStudyConfig } from './study/study-config.ts'
export { type JournalOptions, StudyJournal, trialFolder } from './study/study-journal.ts'
export {
  bestTrial,
  type Direction,
  type Report,
  type Trial,
  type TrialOutcome,
  type TrialState,
} from './study/trial.ts'
export { type Monitored, monitoredBy, type RunTrialOptions, runTrial, type TrialJob } from './trial/run-trial.ts'
export type { TrialOrder } from './trial/trial-messages.ts'
