import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { closeRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { generateNews } from './news.ts'
import { NUMBERS } from './news-words.ts'
import { leadSentence } from './summarize-recipe.ts'

describe('generateNews', () => {
  const news = generateNews(4000, new RandomStream(1))

  it('names the winner of a match by its last score', () => {
    const matches = news.filter(({ source }) => source.includes('At half-time'))
    expect(matches.length).toBeGreaterThan(500)
    for (const { source, target } of matches) {
      const [, home, guests] = /(\w+ \w+) played (\w+ \w+) in/.exec(source)!
      const [, first, second] = /In the end it was (\w+) to (\w+)\./.exec(source)!
      const difference = NUMBERS.indexOf(first!) - NUMBERS.indexOf(second!)
      if (difference > 0) expect(target).toMatch(new RegExp(`^${home} beat ${guests} ${first} to ${second} in`))
      else if (difference < 0) expect(target).toMatch(new RegExp(`^${guests} beat ${home} ${second} to ${first} in`))
      else expect(target).toMatch(new RegExp(`^${home} and ${guests} drew ${first} to ${second} in`))
    }
  })

  it('gives documents of several sentences, summaries of one, and each document once', () => {
    for (const { source, target } of news) {
      expect(source.match(/\./g)!.length).toBeGreaterThan(3)
      expect(target.match(/\./g)).toHaveLength(1)
    }
    expect(new Set(news.map(({ source }) => source)).size).toBe(4000)
  })
})

it('takes the first sentence as the simplest summary', () => {
  expect(leadSentence('One. Two.')).toBe('One.')
  expect(leadSentence('No full stop')).toBe('No full stop')
  expect(leadSentence('비가 왔다. 추웠다.')).toBe('비가 왔다.')
})

describe('summarize', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it('learns to put news into one line, far better than their first sentence', async () => {
    const recipe = {
      type: 'summarize',
      pairs: 6000,
      test: 200,
      validation: 100,
      embeddingSize: 48,
      hiddenSize: 96,
      dropout: 0,
      learningRate: 8e-3,
      steps: 300,
      warmupSteps: 20,
      evaluateEvery: 300,
    }
    const { run, evaluation } = await trainRun({ registry, store: new MemoryStore(), recipe })
    expect(evaluation!.metrics['rougeL']).toBeGreaterThan(0.85)
    expect(evaluation!.baseline!['rougeL']).toBeLessThan(0.5)
    closeRun(run)
  })
})
