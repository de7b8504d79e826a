import { expect, it } from 'vitest'
import type { ImageToTextPipeline } from './image-to-text.ts'
import { nearestPicture } from './nearest-picture.ts'

it('scores the captions of the pictures with the nearest pixels', async () => {
  const picture = (value: number) => ({
    ...{ name: '', style: 0, width: 2, height: 2 },
    pixels: new Float32Array(12).fill(value),
  })
  const train = [0.1, 0.5, 0.9].map((value) => ({ source: picture(value), target: `${value}` }))
  const heldOut = [0.85, 0.2].map((value) => ({ source: picture(value), target: '' }))
  let scored: unknown
  const score: ImageToTextPipeline['score'] = (texts, examples) => {
    scored = [texts, examples]
    return {}
  }
  const pipeline = { score } as ImageToTextPipeline
  await nearestPicture({ train, heldOut, validation: [], test: [], pipeline })
  expect(scored).toEqual([['0.9', '0.1'], heldOut])
})
