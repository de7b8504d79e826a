import { jsonSchemaOf } from '@heddle/core'
import { translateConfig } from '@heddle/recipes'
import { describe, expect, it } from 'vitest'
import { parseSettings } from './settings.ts'

const schema = jsonSchemaOf(translateConfig)
const parse = (...settings: string[]) => parseSettings(settings, schema)

describe('parseSettings', () => {
  it('types values by the schema', () => {
    expect(parse('steps=100', 'learningRate=1e-3', 'attention=dot')).toEqual({
      steps: 100,
      learningRate: 1e-3,
      attention: 'dot',
    })
  })

  it('takes null, names and objects where the schema allows each', () => {
    expect(parse('attention=null', 'cell={"type":"acme/x","size":2}')).toEqual({
      attention: null,
      cell: { type: 'acme/x', size: 2 },
    })
  })

  it('changes a field of a default that is an object', () => {
    expect(parse('optimizer.weightDecay=0.2')).toEqual({ optimizer: { type: 'adamw', weightDecay: 0.2 } })
    expect(parse('optimizer.type=sgd', 'optimizer.momentum=0.9')).toMatchObject({
      optimizer: { type: 'sgd', momentum: 0.9 },
    })
  })

  it('keeps everything after the first = and lets the last setting of a key win', () => {
    expect(parse('cell=a=b', 'cell=c=d')).toEqual({ cell: 'c=d' })
  })

  it.each([
    ['steps', 'expected key=value, got "steps"'],
    ['=3', 'expected key=value'],
    ['stepps=3', "unknown key 'stepps'. Did you mean 'steps'"],
    ['steps=1.5', '--set steps: expected integer, got "1.5"'],
    ['steps=', '--set steps: expected integer, got ""'],
    ['learningRate=Infinity', '--set learningRate: expected number'],
  ])('refuses %j', (setting, message) => {
    expect(() => parse(setting)).toThrow(message)
  })
})
