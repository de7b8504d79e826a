export { runWorker, type WorkerOptions } from './queue/run-worker.ts'
export { TrialQueue, type TrialQueueOptions } from './queue/trial-queue.ts'
