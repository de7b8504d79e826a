import { RandomStream } from '@heddle/core'
import { memorySource } from '@heddle/data'
import { useWasm } from '@heddle/kernels'
import { checkDataset, type Finding, type Task } from '@heddle/tasks'
import { beforeAll, describe, expect, it } from 'vitest'
import { readCorpus } from './corpus/read-corpus.ts'
import { maskedLm } from './masked-lm/masked-lm.ts'
import { jigsaw } from './pictures/jigsaw.ts'
import { questionAnswering } from './question-answering/question-answering.ts'
import { subwordTagging } from './subword-tagging/subword-tagging.ts'
import { registry } from './test-support/registry.ts'

const context = () => ({ registry, rng: new RandomStream(1) })

/** The warnings by their check. */
async function check<E>(task: Task<E>, train: readonly E[], validation: readonly E[]): Promise<Record<string, string>> {
  await task.prepare(train)
  const findings = await checkDataset(task, { train, validation, test: [] })
  task.dispose()
  const line = ({ message, shown = [] }: Finding) => [message, ...shown].join(' | ')
  return Object.fromEntries(findings.filter(({ isWarning }) => isWarning).map((each) => [each.check, line(each)]))
}

describe('a check of the data of', () => {
  beforeAll(() => useWasm({ threads: 1 }))

  it('tagged sentences finds steps without a label, labels that training lacks and unknown characters', async () => {
    const sentence = (i: number, tags = ['O', 'B-PER']) => ({ words: ['saw', `name${i}`], tags })
    const train = Array.from({ length: 30 }, (_, i) => sentence(i))
    const held = [
      sentence(40, ['O', 'B-LOC']),
      sentence(41, ['O']),
      sentence(3),
      { words: ['✈', '✉'], tags: ['O', 'O'] },
    ]
    const found = await check(subwordTagging.create({ tokenizer: { vocabSize: 64 } }, context()), train, held)
    expect(found).toEqual({
      parts: expect.stringContaining('1 of 4 (25 %) held-out examples are in another part too'),
      unseen: expect.stringContaining('B-LOC 1'),
      alignment: expect.stringContaining('2 steps, 1 labels: saw name41'),
      unknown: expect.stringMatching(/^2 of \d+ /),
    })
  })

  it('questions finds the same question in two parts with another answer', async () => {
    const question = (i: number, answer = 'box') => {
      const context = `the box ${i} and the jar`
      const start = context.indexOf(answer)
      return { id: `${i}`, question: 'what?', context, answers: [{ text: answer, start, end: start + 3 }] }
    }
    const train = Array.from({ length: 30 }, (_, i) => question(i))
    const found = await check(questionAnswering.create({ tokenizer: { vocabSize: 64 } }, context()), train, [
      question(3, 'jar'),
    ])
    expect(found).toEqual({ parts: expect.stringContaining('what? ||| the box 3 and the jar') })
  })

  it('a corpus finds documents in two parts, and a wrong encoding', async () => {
    const document = (i: number) => `The fox of house number ${i} goes to the town. It is a cafÃ©, they say.`
    const corpus = async (from: number, to: number) => {
      const text = Array.from({ length: to - from }, (_, i) => document(from + i)).join('\n\n')
      return (await readCorpus(memorySource('a.txt', text), { wrapped: false }, 'corpus')).examples
    }
    const settings = {
      tokenizer: { vocabSize: 120 },
      model: { type: 'bert-pretraining', encoder: { type: 'bert', hiddenSize: 8, numLayers: 1, numHeads: 2 } },
    }
    const found = await check(maskedLm.create(settings, context()), await corpus(0, 40), await corpus(38, 41))
    expect(found).toEqual({
      parts: expect.stringContaining('2 of 3 (67 %) held-out examples'),
      'encoding: twice decoded': expect.stringMatching(/^\d+ of \d+ \(100 %\) texts look like UTF-8/),
    })
  })

  it('pictures finds the same one in two parts', async () => {
    const picture = (seed: number) => ({
      width: 8,
      height: 8,
      pixels: Uint8Array.from({ length: 64 }, (_, i) => (i * seed) % 251),
    })
    const train = Array.from({ length: 12 }, (_, i) => picture(i + 1))
    const settings = {
      grid: 2,
      model: { type: 'jigsaw-solver', encoder: { type: 'transformer', hiddenSize: 8, numLayers: 1, numHeads: 2 } },
    }
    expect(await check(jigsaw.create(settings, context()), train, [picture(5), picture(50)])).toEqual({
      parts: expect.stringContaining('1 of 2 (50 %)'),
    })
  })
})
