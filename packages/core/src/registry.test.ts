import { describe, expect, it, test } from 'vitest'
import * as z from 'zod'
import { HeddleError } from './errors.ts'
import { createRegistry, ExtensionPoint, type Plugin } from './registry.ts'

const cells = new ExtensionPoint<{ size: number }, { scale: number }>('cell')
const config = z.strictObject({ size: z.int().min(1) })
const lstm = cells.of({
  name: 'lstm',
  summary: 'LSTM',
  config,
  create: ({ size }, { scale }) => ({ size: size * scale }),
})
const ours: Plugin = { name: 'ours', contributes: [lstm] }

test('a spec builds a part with its dependencies', () => {
  expect(createRegistry(ours).create(cells, { type: 'lstm', size: 3 }, { scale: 2 })).toEqual({ size: 6 })
})

test('plugin options may be nested, empty and repeated', () => {
  const registry = createRegistry([null, false, undefined, [ours, [ours]]])
  expect(registry.plugins).toEqual([ours])
  expect(registry.list(cells).map((d) => d.name)).toEqual(['lstm'])
  expect(registry.providerOf(cells, 'lstm')).toBe(ours)
})

test('a name clash names both plugins', () => {
  const theirs: Plugin = {
    name: 'theirs',
    contributes: [cells.of({ name: 'lstm', summary: '', config, create: ({ size }) => ({ size }) })],
  }
  expect(() => createRegistry([ours, theirs])).toThrow(/cell 'lstm' comes from plugin 'ours' and from plugin 'theirs'/)
  expect(() => createRegistry([ours, { ...ours }])).toThrow(/plugin 'ours' is given twice/)
})

test('an unknown name lists the nearest, and says to install what has a scope', () => {
  const registry = createRegistry(ours)
  expect(() => registry.get(cells, 'lstn')).toThrow('Registry: no cell is named "lstn". Did you mean \'lstm\'?')
  expect(() => registry.get(cells, 'acme/mamba')).toThrow(/Install and add the plugin that provides 'acme\/mamba'/)
})

test('points of the same kind from two copies of a package meet', () => {
  const copy = new ExtensionPoint<{ size: number }, { scale: number }>('cell')
  expect(createRegistry(ours).get(copy, 'lstm').summary).toBe('LSTM')
})

test('what is not a plugin is refused', () => {
  expect(() => createRegistry([{ name: 'x' } as never])).toThrow(/expected a plugin \{ name, contributes \}/)
})

test('a spec without a type is refused', () => {
  expect(() => createRegistry(ours).create(cells, {} as never, { scale: 1 })).toThrow(
    /expected an object with a string 'type'/,
  )
})

test('an older spec is upgraded, a newer one refused', () => {
  const grown = cells.of({
    name: 'gru',
    summary: 'GRU',
    config,
    version: 2,
    upgrade: (old) => ({ size: (old as { units: number }).units }),
    create: ({ size }) => ({ size }),
  })
  const registry = createRegistry({ name: 'p', contributes: [grown] })
  expect(registry.create(cells, { type: 'gru', version: 1, units: 5 }, { scale: 1 })).toEqual({ size: 5 })
  expect(registry.create(cells, { type: 'gru', version: 2, size: 6 }, { scale: 1 })).toEqual({ size: 6 })
  expect(() => registry.create(cells, { type: 'gru', version: 3, size: 6 }, { scale: 1 })).toThrow(
    /expected version 2 or older, got 3/,
  )
})

describe('checkGiven', () => {
  const models = new ExtensionPoint<object>('model')
  const cellSpec = z
    .union([z.literal('none'), z.string(), z.looseObject({ type: z.string() })])
    .meta({ part: 'cell' })
    .default('lstm')
  const model = models.of({
    name: 'lm',
    summary: '',
    config: z.strictObject({
      vocabSize: z.int(),
      hiddenSize: z.int().min(1).default(4),
      cell: cellSpec.nullable(),
      encoder: z.strictObject({ cell: cellSpec }).prefault({}),
    }),
    create: () => ({}),
  })
  const registry = createRegistry([ours, { name: 'models', contributes: [model] }])
  const check = (settings: object) => () => registry.checkGiven(models, { type: 'lm', ...settings })

  it('accepts a spec without its required settings, also in the parts that it names', () => {
    for (const cell of ['lstm', { type: 'lstm' }, 'none', null, undefined]) expect(check({ cell })).not.toThrow()
    expect(check({})).not.toThrow()
    expect(() => registry.create(models, { type: 'lm' }, undefined)).toThrow("'vocabSize'")
  })

  it('refuses wrong and unknown settings, and unknown parts', () => {
    expect(check({ hiddenSize: 0 })).toThrow("model 'lm': 'hiddenSize': too small")
    expect(check({ hidenSize: 3 })).toThrow("model 'lm': unknown key 'hidenSize'. Did you mean 'hiddenSize'?")
    expect(check({ vocabSize: 'x' })).toThrow("'vocabSize'")
    expect(check({ cell: 'lstn' })).toThrow('no cell is named "lstn". Did you mean \'lstm\'?')
    expect(check({ cell: { type: 'lstm', size: -1 } })).toThrow("cell 'lstm': 'size': too small")
    expect(check({ encoder: { cell: 'lstn' } })).toThrow('no cell is named "lstn"')
    expect(() => registry.checkGiven(models, {} as never)).toThrow("expected an object with a string 'type'")
  })
})

describe('a plugin that fails', () => {
  const point = new ExtensionPoint<object>('cell')
  const registryOf = (create: () => unknown) =>
    createRegistry({
      name: 'acme',
      contributes: [
        point.of({ name: 'acme/x', summary: '', config: z.strictObject({}), create: create as () => object }),
      ],
    })

  it('is named with its part when create throws', () => {
    const registry = registryOf(() => (undefined as unknown as { a: { b: object } }).a.b)
    expect(() => registry.create(point, { type: 'acme/x' }, undefined)).toThrow(
      /^cell 'acme\/x' of plugin 'acme': expected create to succeed, got "TypeError: .*"\. Report it to the plugin's author\.$/,
    )
  })

  it('is named with its part when create returns nothing', () => {
    const registry = registryOf(() => undefined)
    expect(() => registry.create(point, { type: 'acme/x' }, undefined)).toThrow(
      "cell 'acme/x' of plugin 'acme': expected create to return a value, got none.",
    )
  })

  it('keeps errors that users cause as they are', () => {
    const error = new HeddleError('shape', 'acme/x: expected …')
    const registry = registryOf(() => {
      throw error
    })
    expect(() => registry.create(point, { type: 'acme/x' }, undefined)).toThrow(error)
  })
})
