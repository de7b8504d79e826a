/** Result of timing one side of a workload, as printed with --json. */
export interface Measurement {
  readonly peer: string
  readonly workload: string
  readonly threads: number
  /** Median time of a run, milliseconds. */
  readonly ms: number
  readonly tokens_per_s: number
  readonly runs: number
}

/** A piece of work to time: one call of `run` is one training step, or one pass of inference. */
export interface Workload {
  readonly tokens: number
  run(): Promise<void> | void
  dispose?(): void
}

/** Times single runs, in milliseconds, for at least `seconds` and at least `atLeast` runs. */
export async function timeRuns(workload: Workload, seconds: number, atLeast = 1): Promise<number[]> {
  const times: number[] = []
  const end = performance.now() + seconds * 1000
  while (performance.now() < end || times.length < atLeast) {
    const start = performance.now()
    await workload.run()
    times.push(performance.now() - start)
  }
  return times
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export function measurement(
  peer: string,
  workload: string,
  threads: number,
  tokens: number,
  times: readonly number[],
): Measurement {
  const ms = median(times)
  return {
    peer,
    workload,
    threads,
    ms: Math.round(ms * 100) / 100,
    tokens_per_s: Math.round(tokens / (ms / 1000)),
    runs: times.length,
  }
}
