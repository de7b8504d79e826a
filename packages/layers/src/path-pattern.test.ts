import { expect, it } from 'vitest'
import { pathMatcher } from './path-pattern.ts'

it.each([
  ['encoder', 'encoder.layers.0.weight', true],
  ['encoder', 'encoder', true],
  ['encoder', 'encoders.layers', false],
  ['encoder', 'model.encoder.layers', false],
  ['layers.*.attention', 'layers.11.attention.query.weight', true],
  ['layers.*.attention', 'layers.attention.query', false],
  ['layers.1*', 'layers.10.norm', true],
  ['layers.1*', 'layers.2.norm', false],
  ['**.bias', 'a.b.bias', true],
  ['**.bias', 'bias', true],
  ['**.bias', 'a.biases', false],
  ['a.**.c', 'a.c.d', true],
  ['', 'anything', true],
  ['a(b', 'a(b.c', true],
])('%j is the start of %j: %s', (pattern, path, expected) => {
  expect(pathMatcher(pattern, 'start')(path)).toBe(expected)
})

it.each([
  ['query', 'layers.0.attention.query', true],
  ['query', 'query', true],
  ['query', 'layers.0.attention.subquery', false],
  ['query', 'layers.0.query.norm', false],
  ['attention.*', 'layers.0.attention.key', true],
  ['layers.0.**.query', 'decoder.layers.0.attention.query', true],
])('%j is the end of %j: %s', (pattern, path, expected) => {
  expect(pathMatcher(pattern, 'end')(path)).toBe(expected)
})
