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
