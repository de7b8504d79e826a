import { RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { beforeAll, describe, expect, it } from 'vitest'
import { imageClassification } from '../image-classification/image-classification.ts'
import { languageModeling } from '../language-modeling/language-modeling.ts'
import type { Dataset } from '../run/dataset.ts'
import type { Task } from '../task/task.ts'
import { registry } from '../test-support/registry.ts'
import { halfPictures, letterTexts, taggedWords } from '../test-support/tiny-examples.ts'
import { textClassification } from '../text-classification/text-classification.ts'
import type { LabeledText } from '../text-classification/text-reader.ts'
import { tokenClassification } from '../token-classification/token-classification.ts'
import { checkDataset } from './check-dataset.ts'
import { checkLeft } from './check-left.ts'
import type { Finding } from './finding.ts'

beforeAll(() => useWasm({ threads: 1 }))

const context = () => ({ registry, rng: new RandomStream(1) })
const model = { type: 'recurrent-classifier', embeddingSize: 4, hiddenSize: 4 }

async function check<E>(task: Task<E>, dataset: Dataset<E>): Promise<readonly Finding[]> {
  await task.prepare(dataset.train)
  const findings = await checkDataset(task, dataset)
  task.dispose()
  return findings
}

const checkTexts = (given: Partial<Dataset<LabeledText>>, settings: object = {}) =>
  check(textClassification.create({ model, ...settings }, context()), {
    train: letterTexts(40),
    validation: letterTexts(60).slice(40),
    test: [],
    ...given,
  })

const warnings = (findings: readonly Finding[]) =>
  Object.fromEntries(findings.flatMap(({ isWarning, check, ...rest }) => (isWarning ? [[check, rest]] : [])))

const labeled = (text: string, label = 'A'): LabeledText => ({ text, label })

describe('checkDataset', () => {
  it('has nothing against good data', async () => {
    const findings = await checkTexts({})
    expect(warnings(findings)).toEqual({})
    expect(findings.map(({ check }) => check)).toEqual(['parts', 'repeated', 'labels', 'encoding', 'length', 'unknown'])
    expect(findings[2]!.message).toBe('2 labels: A 20, B 20')
  })

  it('finds inputs that are in two parts, are repeated, or have two answers', async () => {
    const train = [
      ...letterTexts(40),
      labeled('twice', 'B'),
      labeled('twice', 'B'),
      ...Array(3).fill(labeled('aa', 'B')),
    ]
    const found = warnings(
      await checkTexts({ train, test: [labeled('twice', 'B'), labeled('aa', 'A'), labeled('new')] }),
    )
    expect(found['parts']).toEqual({
      message: expect.stringContaining('2 of 23 (8.7 %) held-out examples are in another part too'),
      shown: ['twice', 'aa'],
    })
    expect(found['repeated']!.message).toContain('3 of 45 (6.7 %)')
    expect(found['contradictions']).toEqual({
      message: expect.stringContaining('1 input has different answers'),
      shown: ['aa'],
    })
  })

  it('finds labels that are rare, unseen, or nearly all', async () => {
    const train = [...Array.from({ length: 60 }, (_, i) => labeled(`a${i}`)), labeled('b', 'B')]
    const found = warnings(await checkTexts({ train, validation: [labeled('c', 'C'), labeled('d')] }))
    expect(found['balance']!.message).toContain('A is 60 of 61 (98 %) training labels')
    expect(found['rare']).toMatchObject({ shown: ['B 1'] })
    expect(found['unseen']).toEqual({
      message: '1 of 2 (50 %) held-out labels do not occur in training and count as errors',
      shown: ['C 1'],
    })
  })

  it('finds texts that are empty, cut off, or of unknown characters', async () => {
    const found = warnings(
      await checkTexts(
        { train: [...letterTexts(40), labeled('  '), labeled('a'.repeat(30))], validation: [labeled('aaéé')] },
        { maxLength: 20 },
      ),
    )
    expect(found['empty']!.message).toBe('1 of 43 (2.3 %) texts are empty')
    expect(found['length']!.message).toContain('1 of 42 (2.4 %) are cut off after 20')
    expect(found['unknown']!.message).toBe('2 of 4 (50 %) held-out tokens are unknown')
  })

  it.each([
    ['replaced', 'a\ufffdb'],
    ['twice decoded', 'cafÃ©'],
    ['twice decoded', 'itâ€™s'],
    ['twice decoded', Buffer.from('안녕').toString('latin1')],
    ['control', 'a\u0007b'],
    ['invisible', 'a\u200bb'],
    ['decomposed', '한글'.normalize('NFD')],
    ['decomposed', 'é'.normalize('NFD')],
    ['entities', 'a &amp; b'],
  ])('finds a sign of a wrong encoding: %s, %j', async (name, text) => {
    const found = warnings(await checkTexts({ train: [...letterTexts(40), labeled(text)] }))
    expect(Object.keys(found)).toEqual([`encoding: ${name}`])
    expect(found[`encoding: ${name}`]!.message).toContain('1 of 61 (1.6 %) texts')
  })

  it('finds data of which many rows were left out', () => {
    const dataset = { train: [1, 2, 3], validation: [4], test: [] }
    expect(checkLeft(0, dataset)).toEqual([])
    expect(checkLeft(1, { ...dataset, train: new Array(2000).fill(1) })).toEqual([])
    const message = '1 of 5 (20 %) rows are malformed or empty, and are left out. Correct or remove them.'
    expect(checkLeft(1, dataset)).toEqual([{ check: 'left out', isWarning: true, message }])
  })

  it('takes accents, Hangul, other scripts and emoji for good texts', async () => {
    const texts = ['naïve café', '한글 ㅋㅋ', '中文', 'Привет', '🙂', 'a & b', 'São Paulo', 'R&D; x']
    expect(warnings(await checkTexts({ train: [...letterTexts(40), ...texts.map((text) => labeled(text))] }))).toEqual(
      {},
    )
  })

  it('finds steps without a label', async () => {
    const task = tokenClassification.create({ model: { type: 'word-tagger', hiddenSize: 4 } }, context())
    const found = warnings(
      await check(task, {
        train: [
          ...taggedWords(10).map((each, i) => ({
            ...each,
            words: [...each.words, `w${i}`],
            tags: [...each.tags, 'X'],
          })),
          { words: ['a', 'b'], tags: ['X'] },
        ],
        validation: [],
        test: [],
      }),
    )
    expect(found['alignment']).toEqual({
      message: '1 of 11 (9.1 %) examples have a step without a label, or the reverse',
      shown: ['2 steps, 1 labels: a b'],
    })
  })

  it('finds lines of a text that are in the held-out part too, and pictures', async () => {
    const line = 'a line of text that is long enough not to be there by chance'
    const text = languageModeling.create({ model: 'recurrent-lm', training: { windowLength: 4 } }, context())
    const ofText = await check(text, { train: [`${line}\nand another`], validation: [`first\n${line}\n`], test: [] })
    expect(warnings(ofText)['parts']).toMatchObject({ shown: [line] })
    const pictures = imageClassification.create({ model: { type: 'recurrent-classifier', hiddenSize: 4 } }, context())
    const ofPictures = await check(pictures, { train: halfPictures(20), validation: halfPictures(2), test: [] })
    expect(warnings(ofPictures)['parts']!.message).toContain('2 of 2 (100 %)')
  })
})
