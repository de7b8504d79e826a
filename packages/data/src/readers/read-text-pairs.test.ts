import { describe, expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readTextPairs, type TextPairsOptions } from './read-text-pairs.ts'

const names = { source: ['Q', 'question'], target: ['A', 'answer'] }
const read = (name: string, text: string, columns: Partial<TextPairsOptions> = {}) =>
  readTextPairs(memorySource(name, text), { where: 'chatbot', names, ...columns })

describe('readTextPairs', () => {
  it('reads CSV by the names of its columns, quotes included', async () => {
    const { examples, notes } = await read(
      'data.csv',
      'Q,A,label\r\n"Hi, you","Say ""hey""",0\r\n안녕,반가워요.,1\r\n,x,2\r\n',
    )
    expect(examples).toEqual([
      { source: 'Hi, you', target: 'Say "hey"' },
      { source: '안녕', target: '반가워요.' },
    ])
    expect(notes).toEqual(['1 rows without text on one side were left out'])
  })

  it('finds columns whose quoted names hold commas and line breaks', async () => {
    const csv = '"id, or\nnumber","Q","A"\n1,a,b\n'
    expect((await read('data.csv', csv)).examples).toEqual([{ source: 'a', target: 'b' }])
  })

  it('reads TSV with a header, in any order of columns, and without one', async () => {
    expect((await read('data.tsv', 'answer\tquestion\nb\ta\n')).examples).toEqual([{ source: 'a', target: 'b' }])
    expect((await read('data.tsv', 'a\tb\tmore\nc\td\tmore\n')).examples).toEqual([
      { source: 'a', target: 'b' },
      { source: 'c', target: 'd' },
    ])
  })

  it('reads JSON lines', async () => {
    const text = '{"question":"a","answer":"b","id":1}\n{"Q":"c","A":"d"}\n'
    expect((await read('data.jsonl', text)).examples).toEqual([
      { source: 'a', target: 'b' },
      { source: 'c', target: 'd' },
    ])
  })

  it('leaves out malformed rows on demand', async () => {
    const text = '{"Q":"a","A":"b"}\n\nnot JSON\n{"Q":"c"}\n'
    const source = memorySource('data.jsonl', text)
    await expect(readTextPairs(source, { where: 'chatbot', names })).rejects.toThrow(
      'data.jsonl:3: expected a JSON value',
    )
    const { examples, notes } = await readTextPairs(source, { where: 'chatbot', names, malformed: 'skip' })
    expect(examples).toEqual([{ source: 'a', target: 'b' }])
    expect(notes).toEqual([expect.stringMatching(/^2 rows left out; the first: data\.jsonl:3: /)])
  })

  it('reads the parts of a split', async () => {
    const files = ['train.tsv', 'dev.tsv'].flatMap((name) => memorySource(name, `${name}\tb\n`).files)
    const { examples } = await readTextPairs({ name: 'data', files }, { where: 'chatbot', names })
    expect(examples).toEqual([
      { source: 'train.tsv', target: 'b', split: 'train' },
      { source: 'dev.tsv', target: 'b', split: 'validation' },
    ])
  })

  it.each([
    ['numbers, whatever the order', 'kor.txt', 'Go.\t가.\tCC\nHi.\t안녕.\tCC\n', { source: 2, target: 1 }],
    ['one number of two columns', 'kor.tsv', 'Go.\t가.\nHi.\t안녕.\n', { source: 2 }],
    [
      'numbers below a header',
      'kor.tsv',
      'English\tKorean\nGo.\t가.\nHi.\t안녕.\n',
      { source: 2, target: 1, header: true },
    ],
    ['one name of two columns', 'kor.csv', 'English,Korean\nGo.,가.\nHi.,안녕.\n', { target: 'english' }],
    ['numbers of CSV without a header', 'kor.csv', '1,Go.,가.\n2,Hi.,안녕.\n', { source: 3, target: 2 }],
    [
      'names of JSON lines',
      'kor.jsonl',
      '{"en":"Go.","ko":"가."}\n{"en":"Hi.","ko":"안녕."}\n',
      { source: 'ko', target: 'en' },
    ],
    [
      'names within a translation',
      'kor.jsonl',
      '{"translation":{"en":"Go.","ko":"가."}}\n{"translation":{"en":"Hi.","ko":"안녕."}}\n',
      { source: 'ko', target: 'en' },
    ],
  ])('reads the columns that are asked for: %s', async (_, name, text, columns) => {
    expect((await read(name, text, columns)).examples).toEqual([
      { source: '가.', target: 'Go.' },
      { source: '안녕.', target: 'Hi.' },
    ])
  })

  it('makes an example of each right target of a source', async () => {
    const both = [
      { source: 'Hi.', target: '안녕.' },
      { source: 'Hi.', target: '안녕하세요.' },
    ]
    expect((await read('a.jsonl', '{"Q":"Hi.","A":["안녕.","안녕하세요."]}\n')).examples).toEqual(both)
    const table = 'en\tfirst\tsecond\nHi.\t안녕.\t안녕하세요.\nGo.\t가.\t\n'
    const { examples } = await read('a.tsv', table, { source: 'en', target: ['first', 'second'] })
    expect(examples).toEqual([...both, { source: 'Go.', target: '가.' }])
  })

  it('takes no other column for one that is not there', async () => {
    const missing = read('a.tsv', 'English\tKorean\nGo.\t가.\n', { source: 'Englisch', target: 'Korean' })
    await expect(missing).rejects.toThrow('chatbot: expected a column "Englisch" in a.tsv, got none.')
    await expect(read('a.tsv', 'a\tb\n', { source: 3, target: 1 })).rejects.toThrow('expected a column 3 in a.tsv')
    await expect(read('a.tsv', 'a\tb\n', { source: 1, target: 1 })).rejects.toThrow('a.tsv:1: expected columns')
  })

  it('says what is missing', async () => {
    await expect(read('data.csv', 'one,two\na,b\n')).rejects.toThrow(
      'data.csv:1: expected columns Q or question and A or answer, got "one, two".',
    )
    await expect(read('data.jsonl', '{"question":"a"}\n')).rejects.toThrow(
      'data.jsonl:1: expected texts named Q or question and A or answer, got the fields "question".',
    )
    await expect(read('data.tsv', 'question\tanswer\n')).rejects.toThrow(
      'chatbot: expected pairs of texts in data.tsv, got none.',
    )
  })
})
