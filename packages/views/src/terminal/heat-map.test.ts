import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { drawHeatMap } from './heat-map.ts'

const map = {
  source: ['I', 'watched', 'it', '<eos>'],
  target: ['나는', '봤다', '.'],
  weights: [
    [1, 0, 0, 0],
    [0, 0.5, 0.5, 0],
    [0, 0, 0.25, 0.75],
  ],
}

describe('drawHeatMap', () => {
  it('fills the cell of each pair by its weight', () => {
    expect(drawHeatMap(map, { colors: false, columns: 80 })).toEqual([
      '     I   watched it  <eos>',
      '나는 ███                  ',
      '봤다     ▒▒▒▒▒▒▒ ▒▒▒      ',
      '   .             ░░░ ▓▓▓▓▓',
      '     0 %    ░░░▒▒▒▓▓▓███ 100 %',
    ])
  })

  it('keeps columns aligned where letters are two columns wide', () => {
    const rows = drawHeatMap(map, { colors: false, columns: 80 }).slice(1, 4)
    expect(new Set(rows.map((row) => stringWidth(row))).size).toBe(1)
  })

  it('uses background colors on a terminal that has them', () => {
    const [, first] = drawHeatMap(map, { colors: true, columns: 80 })
    expect(first).toContain('\x1b[48;5;255m   \x1b[0m')
    expect(first).toContain('\x1b[48;5;232m')
  })

  it('numbers the columns where the terminal is too narrow', () => {
    const lines = drawHeatMap(map, { colors: false, columns: 22 })
    expect(lines[0]).toBe('     1   2   3   4')
    expect(lines.at(-2)).toBe('1 I  2 watched  3 it  4 <eos>')
  })
})
