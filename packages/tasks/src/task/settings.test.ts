import { jsonSchemaOf, parseConfig } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { mergeSettings, part, showDefaults, withDefaults } from './settings.ts'

describe('mergeSettings', () => {
  const below = {
    model: { type: 'rnn', hiddenSize: 64, cell: { type: 'gru', bias: true } },
    optimizer: 'adamw',
    metrics: ['a', 'b'],
    training: { steps: 10, learningRate: 0.1 },
  }
  const merged = (above: object) => mergeSettings(below, above as Record<string, unknown>)

  it('lays nested settings over others key by key', () => {
    expect(merged({ training: { steps: 5 } })).toEqual({ ...below, training: { steps: 5, learningRate: 0.1 } })
    expect(merged({ model: { cell: { bias: false } } })['model']).toEqual({
      ...below.model,
      cell: { type: 'gru', bias: false },
    })
  })

  it('replaces a part of another type as a whole, with the settings of the part below it', () => {
    expect(merged({ model: 'acme/mlp' })['model']).toBe('acme/mlp')
    expect(merged({ model: { type: 'acme/mlp', width: 3 } })['model']).toEqual({ type: 'acme/mlp', width: 3 })
    expect(merged({ model: { cell: 'lstm' } })['model']).toEqual({ ...below.model, cell: 'lstm' })
  })

  it('keeps the settings of a part of the same type', () => {
    expect(merged({ model: 'rnn' })['model']).toEqual(below.model)
    expect(merged({ model: { type: 'rnn', hiddenSize: 8 } })['model']).toEqual({ ...below.model, hiddenSize: 8 })
  })

  it('gives settings to a part that is named alone', () => {
    expect(merged({ optimizer: { weightDecay: 0 } })['optimizer']).toEqual({ type: 'adamw', weightDecay: 0 })
    expect(merged({ optimizer: { type: 'sgd' } })['optimizer']).toEqual({ type: 'sgd' })
  })

  it('replaces lists and plain values, leaves what is undefined, and changes neither side', () => {
    const copy = structuredClone(below)
    expect(merged({ metrics: ['c'], optimizer: undefined, training: 3, more: null })).toEqual({
      ...below,
      metrics: ['c'],
      training: 3,
      more: null,
    })
    expect(below).toEqual(copy)
  })
})

describe('withDefaults', () => {
  const schema = z.strictObject({
    model: part.prefault('rnn').describe('the model'),
    training: z
      .strictObject({ steps: z.int().default(10).describe('steps'), rate: z.number().default(1) })
      .prefault({}),
  })
  const changed = withDefaults(schema as never, { model: { type: 'rnn', hiddenSize: 4 }, training: { steps: 3 } })

  it('accepts with the new defaults, below what is given', () => {
    expect(parseConfig('x', changed, {})).toEqual({
      model: { type: 'rnn', hiddenSize: 4 },
      training: { steps: 3, rate: 1 },
    })
    expect(parseConfig('x', changed, { training: { rate: 2 } })).toMatchObject({ training: { steps: 3, rate: 2 } })
    expect(() => parseConfig('x', changed, { training: { step: 2 } })).toThrow("unknown key 'training.step'")
    expect(() => parseConfig('x', changed, 3)).toThrow('got 3')
  })

  it('shows the new defaults', () => {
    const { properties } = jsonSchemaOf(changed)
    expect(properties!['model']).toMatchObject({ default: { type: 'rnn', hiddenSize: 4 }, description: 'the model' })
    expect(properties!['training']!.properties!['steps']).toMatchObject({ default: 3, description: 'steps' })
    expect(properties!['training']!.properties!['rate']!.default).toBe(1)
    expect(showDefaults(jsonSchemaOf(schema), { unknown: 1 }).properties).not.toHaveProperty('unknown')
  })
})
