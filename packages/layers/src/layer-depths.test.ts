import { expect, it } from 'vitest'
import { layerDepths } from './layer-depths.ts'

const depths = (paths: readonly string[]) =>
  Object.fromEntries(layerDepths(paths).map((depth, i) => [paths[i]!, depth]))

it('counts layers from the head down to the token vectors', () => {
  expect(
    depths([
      'input.embedding.weight',
      'layers.0.attention.query.weight',
      'layers.1.norm.bias',
      'norm.weight',
      'output.weight',
    ]),
  ).toEqual({
    'input.embedding.weight': 3,
    'layers.0.attention.query.weight': 2,
    'layers.1.norm.bias': 1,
    'norm.weight': 0,
    'output.weight': 0,
  })
})

it('counts each of several stacks for itself', () => {
  expect(
    depths([
      'encoder.input.weight',
      'encoder.layers.0.w',
      'encoder.layers.1.w',
      'encoder.norm.w',
      'decoder.input.w',
      'decoder.layers.0.w',
      'output.w',
    ]),
  ).toEqual({
    'encoder.input.weight': 3,
    'encoder.layers.0.w': 2,
    'encoder.layers.1.w': 1,
    'encoder.norm.w': 0,
    'decoder.input.w': 2,
    'decoder.layers.0.w': 1,
    'output.w': 0,
  })
})

it('is 0 where there are no layers', () => {
  expect(layerDepths(['weight', 'bias'])).toEqual([0, 0])
})
