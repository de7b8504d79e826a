import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { colorText } from './color-text.ts'

const characters = (text: string) => [...text].map((each) => ({ text: each, gap: '' }))

describe('colorText', () => {
  it('puts signs and tenths under each line where there are no colors', () => {
    const values = [0.95, -0.32, 0.05, 1, -1, 0]
    expect(colorText(characters('abc\nde'), values, { colors: false, columns: 80 })).toEqual([
      'abc⏎',
      '+- +',
      '9309',
      'de',
      '-',
      '90',
    ])
  })

  it('paints red above zero and blue below, stronger the further away', () => {
    const [line] = colorText(characters('abcd'), [1, -1, 0.2, 0], { colors: true, columns: 80 })
    expect(line).toBe(
      '\x1b[48;5;196m\x1b[38;5;231ma\x1b[0m\x1b[48;5;21m\x1b[38;5;231mb\x1b[0m\x1b[48;5;224m\x1b[38;5;16mc\x1b[0md',
    )
  })

  it('breaks lines at the width of the terminal, and keeps rows aligned under wide letters', () => {
    const lines = colorText(characters('나는 봤다'), [1, 1, 1, -1, -1], { colors: false, columns: 5 })
    expect(lines).toEqual(['나는', '+++++', '99999', '봤다', '----', '9999'])
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(5)
  })

  it('leaves what stands between the tokens uncolored', () => {
    const tokens = [
      { text: 'He', gap: '' },
      { text: 'saw', gap: ' ' },
      { text: 'her', gap: '\n' },
    ]
    expect(colorText(tokens, [0.5, -0.5, 0.5], { colors: false, columns: 80 })).toEqual([
      'He saw',
      '++ ---',
      '55 555',
      'her',
      '+++',
      '555',
    ])
  })

  it('shows control characters as visible marks, so that a text cannot move the cursor', () => {
    const [line] = colorText(characters('a\tb\x1b'), [0, 0, 0, 0], { colors: true, columns: 80 })
    expect(line).toBe('a→b␛')
  })
})
