import { createRegistry } from '@heddle/core'
import { stdPlugins } from '@heddle/std'
import { recipeNamed, recipeSchema } from '@heddle/tasks'
import { describe, expect, it } from 'vitest'
import { parseSettings, typeOfSetting } from './settings.ts'

const registry = createRegistry([stdPlugins])
const schema = recipeSchema(registry, recipeNamed(registry, 'translate'))
const parse = (...settings: string[]) => parseSettings(settings, schema)

describe('parseSettings', () => {
  it('types values by the schema', () => {
    expect(parse('training.steps=100', 'training.learningRate=1e-3', 'model.attention=dot')).toEqual({
      training: { steps: 100, learningRate: 1e-3 },
      model: { attention: 'dot' },
    })
  })

  it('finds the place of a key without its section', () => {
    expect(parse('steps=100', 'hiddenSize=12', 'beamWidth=2', 'units=words', 'test=5')).toEqual({
      training: { steps: 100 },
      model: { hiddenSize: 12 },
      decoding: { beamWidth: 2 },
      tokenizer: { units: 'words' },
      data: { test: 5 },
    })
    expect(parse('optimizer.type=sgd', 'optimizer.momentum=0.9')).toEqual({
      training: { optimizer: { type: 'sgd', momentum: 0.9 } },
    })
  })

  it('takes the place nearest to the top where there are several', () => {
    expect(parse('dropout=0.5')).toEqual({ model: { dropout: 0.5 } })
  })

  it('lists the candidates of an ambiguous key', () => {
    const section = { type: 'object', properties: { size: { type: 'integer' } } }
    expect(() => parseSettings(['size=2'], { properties: { one: section, two: section } })).toThrow(
      "--set: 'size' is ambiguous. Write one.size or two.size.",
    )
  })

  it('takes null, names and objects where the schema allows each', () => {
    expect(parse('attention=null', 'cell={"type":"acme/x","size":2}')).toEqual({
      model: { attention: null, cell: { type: 'acme/x', size: 2 } },
    })
  })

  it('keeps the name of a part whose settings follow', () => {
    expect(parse('model=acme/model', 'model.hiddenSize=12')).toEqual({ model: { type: 'acme/model', hiddenSize: 12 } })
  })

  it('keeps everything after the first = and lets the last setting of a key win', () => {
    expect(parse('cell=a=b', 'cell=c=d')).toEqual({ model: { cell: 'c=d' } })
  })

  it.each([
    ['steps', 'expected key=value, got "steps"'],
    ['=3', 'expected key=value'],
    ['stepps=3', "unknown key 'stepps'. Did you mean 'steps'"],
    ['training.stepps=3', "unknown key 'training.stepps'. Did you mean 'steps'"],
    ['model.hidenSize=3', "unknown key 'model.hidenSize'. Did you mean 'hiddenSize'"],
    ['steps=1.5', '--set training.steps: expected integer, got "1.5"'],
    ['steps=', '--set training.steps: expected integer, got ""'],
    ['learningRate=Infinity', '--set training.learningRate: expected number'],
  ])('refuses %j', (setting, message) => {
    expect(() => parse(setting)).toThrow(message)
  })
})

it('typeOfSetting is the type of a part by name or as JSON, if it has one', () => {
  const typeOf = (...settings: string[]) => typeOfSetting(settings, 'model')
  expect(typeOf('model=acme/model')).toBe('acme/model')
  expect(typeOf('model=a', 'model={"type":"b","hiddenSize":3}')).toBe('b')
  expect(typeOf('model={"hiddenSize":3}')).toBeUndefined()
  expect(typeOf('model.hiddenSize=3')).toBeUndefined()
})
