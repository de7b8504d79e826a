import { describe, expect, it } from 'vitest'
import { splitOfFiles } from './split-of-files.ts'

const split = (...names: string[]) => {
  const { files, by, notes } = splitOfFiles(names.map((name) => ({ name, bytes: async () => new Uint8Array() })))
  return { parts: files.map(({ file, split: part }) => [file.name, part]), by, notes }
}

describe('splitOfFiles', () => {
  it.each([
    ['train-images-idx3-ubyte.gz', 't10k-images-idx3-ubyte.gz', 'test'],
    ['ko_gsd-ud-train.conllu', 'ko_gsd-ud-dev.conllu', 'validation'],
    ['wiki.train.tokens', 'wiki.valid.tokens', 'validation'],
    ['ratings_train.txt', 'ratings_test.txt', 'test'],
    ['TRAIN.TSV', 'Dev.tsv', 'validation'],
    ['x_train.csv', 'x_val.csv', 'validation'],
    ['trainData.csv', 'testData.csv', 'test'],
    ['train2017.json', 'val2017.json', 'validation'],
    ['klue-ynat-v1.1_train.json', 'klue-ynat-v1.1_dev.json', 'validation'],
    ['trainset.jsonl', 'testset.jsonl', 'test'],
    ['eng.train', 'eng.testa', 'validation'],
    ['esp.train', 'esp.testb', 'test'],
    ['emnist-letters-train-images-idx3-ubyte', 'emnist-letters-test-images-idx3-ubyte', 'test'],
  ])('reads %s and %s as train and %3$s', (first, second, part) => {
    const { parts, by } = split(`data/${second}`, `data/${first}`)
    expect(parts).toEqual([
      [`data/${second}`, part],
      [`data/${first}`, 'train'],
    ])
    expect(by).toBe('name')
  })

  it('leaves out files that belong to no part, and says so', () => {
    const { parts, notes } = split('ratings.txt', 'ratings_train.txt', 'ratings_test.txt')
    expect(parts.map(([name]) => name)).toEqual(['ratings_train.txt', 'ratings_test.txt'])
    expect(notes).toEqual(['left out as not part of the split: ratings.txt'])
  })

  it('reads parts from folders', () => {
    const { parts, by } = split('/home/test/x/train/a.wav', '/home/test/x/Validation/b.wav', '/home/test/x/TEST/c.wav')
    expect(parts.map(([, part]) => part)).toEqual(['train', 'validation', 'test'])
    expect(by).toBe('folder')
    expect(split('train2017/a.png', 'val2017/a.png').parts.map(([, part]) => part)).toEqual(['train', 'validation'])
  })

  it.each([
    [['test.tsv']],
    [['a/test/x.txt', 'a/test/y.txt']],
    [['trainer.txt', 'contest.txt']],
    [['dev.txt', 'test.txt']],
  ])('sees no split in %j', (names) => {
    expect(split(...names).by).toBeUndefined()
    expect(split(...names).parts).toHaveLength(names.length)
  })

  it('does not take a name with words for two parts as either', () => {
    expect(split('train.txt', 'test.txt', 'train-test-notes.txt').parts).toHaveLength(2)
  })
})
