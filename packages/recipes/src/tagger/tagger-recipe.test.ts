import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { MemoryStore } from '@heddle/trainer'
import { beforeAll, describe, expect, it } from 'vitest'
import { evaluationExamples } from '../dataset.ts'
import { closeRun, openRun } from '../run.ts'
import { registry } from '../test-support/tiny.ts'
import { trainRun } from '../train-run.ts'
import { TaggerRecipe, taggerConfig } from './tagger-recipe.ts'

beforeAll(() => useWasm({ threads: 1 }))

const CONLLU = `# text = 어디 있지
1\t어디\t어디\tADV\tNP\t_\t2\tadvmod\t_\t_
2\t있지\t있+지\tADJ\tVV+EC\t_\t0\troot\t_\t_

1\t다\t다\t_\t_\t_\t0\troot\t_\t_

`

describe('read', () => {
  it('reads universal or treebank tags from CoNLL-U, and leaves out sentences without', async () => {
    const source = memorySource('a.conllu', CONLLU)
    const words = ['어디', '있지']
    const note = '1 sentences with words without a tag were left out'
    const upos = await new TaggerRecipe(taggerConfig.parse({})).read(source)
    expect(upos).toEqual({ examples: [{ words, tags: ['ADV', 'ADJ'] }], notes: [note] })
    const xpos = await new TaggerRecipe(taggerConfig.parse({ tags: 'xpos' })).read(source)
    expect(xpos.examples).toEqual([{ words, tags: ['NP', 'VV+EC'] }])
  })
})

describe('tagger', () => {
  it('learns what neither a word nor a list of words tells, and tags new text and other files', async () => {
    const store = new MemoryStore()
    const sizes = { sentences: 1500, wordSize: 32, letterSize: 16, spellingSize: 24, hiddenSize: 48, dropout: 0.1 }
    const schedule = { steps: 250, batchSize: 32, warmupSteps: 20, evaluateEvery: 250, learningRate: 8e-3 }
    const recipe = { type: 'tagger', ...sizes, ...schedule }
    const { evaluation, exhibits } = await trainRun({ registry, store, recipe })
    expect(evaluation!.metrics['accuracy']).toBeGreaterThan(0.97)
    expect(evaluation!.baseline!['accuracy']).toBeLessThan(0.9)
    expect(exhibits[0]).toMatchObject({ kind: 'labelled-text' })

    const run = await openRun({ store, registry })
    const text = 'the cook will watch the watch near a kretamness.'
    const [prediction] = await run.pipeline.abilities.predictor!.predict([text])
    expect(prediction!.text).toBe(
      'the/DET cook/NOUN will/AUX watch/VERB the/DET watch/NOUN near/ADP a/DET kretamness/NOUN ./PUNCT',
    )
    const other = memorySource('dev.conllu', '1\tthe\t_\tDET\t_\t_\t_\t_\t_\t_\n2\twatch\t_\tNEW\t_\t_\t_\t_\t_\t_\n\n')
    const { part, examples } = await evaluationExamples(run, other)
    expect(part).toBe('all')
    // A tag that training never saw counts as an error.
    expect((await run.pipeline.evaluate(examples))['accuracy']).toBe(0.5)
    closeRun(run)
  })
})
