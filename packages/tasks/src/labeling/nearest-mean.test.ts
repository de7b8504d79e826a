import { expect, it } from 'vitest'
import { nearestMean } from './nearest-mean.ts'

it('labels each frame of a clip by the nearest mean frame, and knows the most frequent label', async () => {
  const clip = (values: readonly number[], labels: readonly string[]) => ({
    ...{ width: 1, height: 1, labels },
    pixels: Uint8Array.from(values),
  })
  const train = [clip([0, 10, 200], ['dark', 'dark', 'bright'])]
  const heldOut = [clip([20, 250, 255, 90], ['dark', 'bright', 'new', 'bright'])]
  const result = await nearestMean({ train, heldOut, validation: [], test: [], pipeline: undefined as never })
  expect(result).toEqual({ accuracy: 2 / 4, majorityAccuracy: 1 / 4 })
})

it('labels a clip with one label by the mean of its frames', async () => {
  const clip = (values: readonly number[], label: string) => ({
    ...{ width: 1, height: 1, labels: [label] },
    pixels: Uint8Array.from(values),
  })
  const train = [clip([0, 20], 'dark'), clip([200, 220, 240], 'bright')]
  const heldOut = [clip([0, 0, 0, 250], 'dark'), clip([90, 250], 'bright'), clip([10], 'bright')]
  const result = await nearestMean({ train, heldOut, validation: [], test: [], pipeline: undefined as never })
  expect(result['accuracy']).toBeCloseTo(2 / 3, 6)
})
