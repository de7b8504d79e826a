import { isAdaptive, type Schedule } from '@heddle/trainer'
import { describe, expect, it } from 'vitest'

export interface ScheduleContract {
  readonly make: () => Schedule
  /** Steps of the run that it is made for (default 100); twice as many are looked at. */
  readonly steps?: number
}

/** Tests that every learning-rate schedule has to pass. */
export function scheduleContract(name: string, { make, steps = 100 }: ScheduleContract): void {
  const all = Array.from({ length: 2 * steps }, (_, step) => step)

  describe(`${name} keeps the contract of schedules:`, () => {
    it('every rate is a finite number of at least 0, past its end too', () => {
      const schedule = make()
      for (const step of [...all, 1e6]) {
        const rate = schedule(step)
        expect(rate >= 0 && Number.isFinite(rate), `step ${step}: ${rate}`).toBe(true)
      }
    })

    it('it trains: some rate is above 0', () => {
      const schedule = make()
      expect(all.slice(0, steps).some((step) => schedule(step) > 0)).toBe(true)
    })

    it('the rate depends on the step alone, not on what was asked before', () => {
      const schedule = make()
      const upward = all.map((step) => schedule(step))
      const downward = all.toReversed().map((step) => schedule(step))
      expect(downward.toReversed()).toEqual(upward)
      const other = make()
      expect(all.map((step) => other(step))).toEqual(upward)
    })

    if (!isAdaptive(make())) return
    it('restored from its state, as JSON, it continues with the same rates', () => {
      const metrics = all.map((step) => 1 + Math.sin(step) / (1 + step))
      const run = (schedule: Schedule, from: number, to: number) =>
        all.slice(from, to).map((step) => {
          if (isAdaptive(schedule)) schedule.observe(metrics[step]!)
          return schedule(step)
        })
      const whole = make()
      const expected = run(whole, 0, 2 * steps).slice(steps)
      const first = make()
      const second = make()
      if (!isAdaptive(first) || !isAdaptive(second)) return expect.unreachable()
      run(first, 0, steps)
      second.restore(JSON.parse(JSON.stringify(first.state())))
      expect(run(second, steps, 2 * steps)).toEqual(expected)
      expect(() => second.restore('not a state')).toThrow()
    })
  })
}
