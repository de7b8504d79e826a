import type { TrainedRun } from '@heddle/tasks'
import type { RunLogContent } from '@heddle/trainer'
import { expect, it } from 'vitest'
import { reportContent } from './report-content.ts'

it('tells the parts and the notes of the data as a resumed run does, not the shares that files with a split overrule', () => {
  const run = {
    recipe: { name: 'tagger' },
    task: {
      type: 'token-classification',
      config: { model: {}, training: {}, metrics: [] },
      usedParts: [],
      files: new Map(),
      pipeline: { metrics: [] },
      count: (examples: readonly unknown[]) => `${examples.length} examples`,
    },
    seed: 1,
    dataset: { train: [1, 2, 3], validation: [1, 2], test: [] },
    notes: ['split as the names of the files say: train, validation', 'weights that start at random: output.weight'],
    dataNotes: ['split as the names of the files say: train, validation'],
    provenance: { data: { name: 'ud' }, recipe: { name: 'tagger', data: { count: 5000, validation: 0.1, test: 0.1 } } },
    result: { steps: 1, elapsedMs: 1 },
    exhibits: [],
  } as unknown as TrainedRun
  expect(reportContent(run, {} as RunLogContent, {}).settings['data']).toEqual({
    source: 'ud',
    train: '3 examples',
    validation: '2 examples',
    test: 'none',
    notes: ['split as the names of the files say: train, validation'],
  })
})
