import { parseConfig } from '@heddle/core'
import { type DataFile, type DataSource, memorySource } from '@heddle/data'
import { recipeNamed } from '@heddle/tasks'
import { idxFile, wavFile } from '@heddle/testing/files'
import { describe, expect, it } from 'vitest'
import { registry } from './test-support/registry.ts'

/** The examples that a recipe reads from given data. */
async function read(name: string, source: DataSource, settings: object = {}) {
  const { data } = recipeNamed(registry, name)
  return data.read(source, parseConfig(name, data.config, settings))
}

const both = (...sources: DataSource[]) => ({ name: 'both', files: sources.flatMap(({ files }) => files) })

describe('recipes of pairs', () => {
  const pairs = [
    { source: 'Go.', target: '가.' },
    { source: 'Hi.', target: '안녕.' },
  ]

  it.each([
    ['translate', 'kor.txt', 'Go.\t가.\tCC-BY\nHi.\t안녕.\tCC-BY\n'],
    ['translate', 'pairs.csv', 'target,source\n가.,Go.\n안녕.,Hi.\n'],
    ['chatbot', 'talk.csv', 'Q,A,label\nGo.,가.,0\nHi.,안녕.,1\n'],
    ['summarize', 'news.jsonl', '{"document":"Go.","summary":"가."}\n{"document":"Hi.","summary":"안녕."}\n'],
    ['text-to-code', 'lines.jsonl', '{"description":"Go.","code":"가."}\n{"description":"Hi.","code":"안녕."}\n'],
  ])('%s reads %s by the names of its columns', async (name, file, text) => {
    expect((await read(name, memorySource(file, text))).examples).toEqual(pairs)
  })
})

describe('sentiment', () => {
  it('reads the format of film reviews, and calls its labels by their names', async () => {
    const { examples } = await read('sentiment', memorySource('r.tsv', 'id\tdocument\tlabel\n1\t좋다\t1\n2\t싫다\t0\n'))
    expect(examples).toEqual([
      { text: '좋다', label: 'positive' },
      { text: '싫다', label: 'negative' },
    ])
  })
})

describe('tagger', () => {
  const conllu = memorySource(
    'a.conllu',
    `1\t어디\t어디\tADV\tNP\t_\t2\tadvmod\t_\t_\n2\t있지\t있+지\tADJ\tVV+EC\t_\t0\troot\t_\t_\n\n`,
  )

  it("reads universal tags or the treebank's own", async () => {
    const words = ['어디', '있지']
    expect((await read('tagger', conllu)).examples).toEqual([{ words, tags: ['ADV', 'ADJ'] }])
    expect((await read('tagger', conllu, { tags: 'xpos' })).examples).toEqual([{ words, tags: ['NP', 'VV+EC'] }])
  })
})

describe('rows and frames', () => {
  it('read pictures, or clips, and their labels from two IDX files', async () => {
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6)
    const pictures = both(
      memorySource('a-images', idxFile([2, 1, 3], pixels)),
      memorySource('a-labels', idxFile([2], Uint8Array.of(7, 4))),
    )
    expect((await read('rows', pictures)).examples).toEqual([
      { pixels: pixels.slice(0, 3), width: 3, height: 1, labels: ['7'] },
      { pixels: pixels.slice(3), width: 3, height: 1, labels: ['4'] },
    ])
    const clips = both(
      memorySource('clips', idxFile([1, 2, 1, 3], pixels)),
      memorySource('labels', idxFile([1, 2], Uint8Array.of(1, 0))),
    )
    expect((await read('frames', clips)).examples).toEqual([{ pixels, width: 3, height: 1, labels: ['1', '0'] }])
  })
})

describe('spoken-digits', () => {
  it('spells labels of digits in words', async () => {
    const samples = Float32Array.from({ length: 800 }, (_, i) => Math.sin(i / 5) / 2)
    const wav = (name: string): DataFile => ({ name, bytes: async () => wavFile(samples, 8000) })
    const { examples } = await read('spoken-digits', {
      name: 'clips',
      files: [wav('42_tom_12.wav'), wav('yes_tom.wav')],
    })
    expect(examples.map(({ target }) => target)).toEqual(['four two', 'yes'])
  })
})

describe('forecast', () => {
  it('reads the column that is asked for', async () => {
    const source = memorySource('w.csv', 'date,low,high\n2024-01-01,1,5\n2024-01-02,2,6\n2024-01-03,3,7\n')
    const values = async (settings: object) => (await read('forecast', source, settings)).examples[0].values
    expect(await values({})).toEqual([1, 2, 3])
    expect(await values({ column: 'high' })).toEqual([5, 6, 7])
  })
})

describe('dyck', () => {
  it('reads lines of brackets, and finds which may follow each', async () => {
    const { examples } = await read('dyck', memorySource('a.txt', '([])\n\n() ()\n'), { kinds: 2, depth: 2 })
    expect(examples).toEqual([
      { words: [...'([])'], tags: ['([)', ']', '([)', '(['] },
      { words: [...'()()'], tags: ['([)', '([', '([)', '(['] },
    ])
  })

  it('says where brackets are not balanced', async () => {
    await expect(read('dyck', memorySource('a.txt', '()\n(]\n'))).rejects.toThrow(
      'a.txt:2: expected one of ([{) as bracket 2',
    )
    await expect(read('dyck', memorySource('a.txt', '\n'))).rejects.toThrow(
      'dyck: expected brackets in each line of a.txt',
    )
  })
})
