import { describe, expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readTextPairs } from './read-text-pairs.ts'

const names = { source: ['Q', 'question'], target: ['A', 'answer'] }
const read = (name: string, text: string) => readTextPairs(memorySource(name, text), { where: 'chatbot', names })

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
