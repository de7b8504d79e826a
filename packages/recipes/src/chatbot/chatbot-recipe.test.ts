import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeRun, openRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { usePoint } from '../use.ts'
import { generateDialogue } from './dialogue.ts'

describe('generateDialogue', () => {
  const pairs = generateDialogue(6000, new RandomStream(1))

  it('gives one reply to a line, the same for the same seed', () => {
    expect(new Set(pairs.map(({ source }) => source)).size).toBe(6000)
    expect(generateDialogue(6000, new RandomStream(1))).toEqual(pairs)
    const other = new Map(generateDialogue(6000, new RandomStream(2)).map(({ source, target }) => [source, target]))
    const both = pairs.filter(({ source }) => other.has(source))
    expect(both.length).toBeGreaterThan(500)
    for (const { source, target } of both) expect(other.get(source)).toBe(target)
  })

  it('turns "my" to "your" and returns greetings', () => {
    for (const { source, target } of pairs) {
      expect(target).not.toMatch(/\b(my|me|myself)\b/i)
      const greeting = /^(Hello|Hi there|Good morning|Good evening)\./.exec(source)?.[1]
      if (greeting !== undefined) expect(target).toMatch(new RegExp(`^${greeting.replace(' there', '')}!`))
      else expect(target).not.toMatch(/^\w+( \w+)?!/)
    }
  })
})

describe('chatbot', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it('learns to reply to lines that it has not seen, and does so from its saved run', async () => {
    const store = new MemoryStore()
    const recipe = {
      type: 'chatbot',
      pairs: 6000,
      test: 300,
      validation: 100,
      embeddingSize: 64,
      hiddenSize: 96,
      dropout: 0,
      learningRate: 8e-3,
      steps: 300,
      warmupSteps: 20,
      evaluateEvery: 300,
    }
    const { run, evaluation, exhibits } = await trainRun({ registry, store, recipe })
    expect(evaluation!.metrics['exactMatch']).toBeGreaterThan(0.85)
    expect(evaluation!.baseline!['exactMatch']).toBeLessThan(0.1)
    expect(exhibits.map(({ kind }) => kind)).toContain('attention')
    closeRun(run)
    const opened = await openRun({ store, registry })
    const translate = registry.create(usePoint, { type: 'translate', beamWidth: 4 }, { run: opened, name: 'run' })
    const { outputs } = await translate(['Hello. My name is Mina.'])
    expect(outputs[0]).toMatch(/^Hello! .*Mina/)
    closeRun(opened)
  })
})
