export { serveTrial } from './trial/serve-trial.ts'
export { runTrialProcess, type TrialProcessOptions } from './trial/trial-process.ts'
