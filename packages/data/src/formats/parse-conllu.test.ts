import { describe, expect, it } from 'vitest'
import { parseConllu } from './parse-conllu.ts'

const word = (id: string, form: string, head = '0', feats = '_') =>
  [id, form, '_', 'NOUN', '_', feats, head, 'root', '_', '_'].join('\t')

const good = [
  '# sent_id = s1',
  '# text = au chat = ok',
  '# newpar',
  '1-2\tau\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No',
  '1\tà\tà\tADP\tP\t_\t3\tcase\t_\t_',
  '2\tle\tle\tDET\tD\tGender=Masc|Number=Sing\t3\tdet\t_\t_',
  '3\tchat\tchat\tNOUN\tN\t_\t0\troot\t_\t_',
  '3.1\tdort\tdormir\tVERB\tV\t_\t_\t_\t0:root\t_',
  '',
  word('1', '_'),
  '',
].join('\n')

describe('parseConllu', () => {
  it('reads words, ranges, empty nodes, features and comments', () => {
    const { rows } = parseConllu(good)
    expect(rows).toHaveLength(2)
    const [first, second] = rows
    expect(first).toMatchObject({ line: 1, id: 's1', text: 'au chat = ok' })
    expect(first!.comments).toEqual(['sent_id = s1', 'text = au chat = ok', 'newpar'])
    expect(first!.tokens.map(({ id, form, upos, head }) => [id, form, upos, head])).toEqual([
      [1, 'à', 'ADP', 3],
      [2, 'le', 'DET', 3],
      [3, 'chat', 'NOUN', 0],
    ])
    expect(first!.tokens[1]!.feats).toEqual({ Gender: 'Masc', Number: 'Sing' })
    expect(first!.multiwords).toEqual([{ start: 1, end: 2, form: 'au', misc: 'SpaceAfter=No' }])
    expect(first!.emptyNodes[0]).toMatchObject({ id: '3.1', form: 'dort', deps: '0:root' })
    expect(second!.tokens[0]).toMatchObject({ form: '_', lemma: '_', xpos: null, feats: {} })
    expect(second).toMatchObject({ line: 10, id: null, text: null })
  })

  it('accepts CRLF, a missing last line end and several empty lines', () => {
    expect(parseConllu(good.replaceAll('\n', '\r\n')).rows).toHaveLength(2)
    expect(parseConllu(`\n\n${good.trimEnd()}\n\n\n${word('1', 'a')}`).rows).toHaveLength(3)
  })

  it.each([
    ['a wrong number of fields', '1\ta b\n', ':1: expected 10 fields separated by tabs, got 2'],
    ['an id out of order', `${word('1', 'a')}\n${word('3', 'b')}`, ':2: expected the word id 2, got "3".'],
    [
      'a head outside the sentence',
      `${word('1', 'a')}\n${word('2', 'b', '3')}`,
      ':2: expected a head from 0 to 2, got 3.',
    ],
    ['a head that is no number', word('1', 'a', 'x'), ':1: expected a head that is a word id, 0 or _, got "x".'],
    ['features without a value', word('1', 'a', '0', 'Number'), ':1: expected features Name=Value|…, got "Number".'],
    ['an empty field', word('1', ''), ':1: expected text or _ in field 2, got nothing'],
    ['a late comment', `${word('1', 'a')}\n# x`, ':2: expected comments before the first word'],
    ['a sentence of comments only', '# x\n', ':1: expected at least one word in the sentence, got none.'],
    [
      'a range past the end',
      `1-2\tab${'\t_'.repeat(8)}\n${word('1', 'a')}`,
      ':1: expected words up to 2 for a word range',
    ],
  ])('names file and line of %s', (_, text, message) => {
    expect(() => parseConllu(text, { file: 'd.conllu' })).toThrow(`d.conllu${message}`)
  })

  it('leaves out the whole sentence of a malformed line on demand', () => {
    const { rows, skipped } = parseConllu(`${word('1', 'a')}\n${word('9', 'b')}\n\n${good}`, { malformed: 'skip' })
    expect(rows).toHaveLength(2)
    expect(skipped).toEqual([{ line: 2, message: 'text:2: expected the word id 2, got "9".' }])
  })

  it('reads comments in time that is linear in their length', () => {
    const word = `1\ta${'\t_'.repeat(8)}\n`
    const spaces = ' '.repeat(1_000_000)
    const start = process.cpuUsage()
    const { rows } = parseConllu(`# a${spaces}b\n# text${spaces}=${spaces}c\n${word}\n`)
    expect(rows[0]).toMatchObject({ text: 'c', id: null })
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000)
  })
})
