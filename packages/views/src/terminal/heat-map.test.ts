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

  it('has narrow cells where the source is long, and blocks where they do not fit either', () => {
    const size = 30
    const diagonal = Array.from({ length: size }, (_, t) => Array.from({ length: size }, (_, s) => (s === t ? 1 : 0)))
    const tokens = Array.from({ length: size }, (_, t) => `t${t}`)
    const long = { source: tokens, target: tokens, weights: diagonal }
    const whole = drawHeatMap(long, { colors: false, columns: 70 })
    expect(whole[0]).toBe('30 columns')
    expect(whole[3]).toBe(' t2     ██')
    const blocks = drawHeatMap(long, { colors: false, columns: 24 })
    expect(blocks.slice(0, 3).join(' ')).toBe('30 columns, each cell the largest weight among 3 × 3 tokens')
    expect(blocks.slice(3, 6)).toEqual([' 1 ██', ' 4   ██', ' 7     ██'])
    expect(blocks).toHaveLength(14)
  })

  it('numbers the columns where the terminal is too narrow', () => {
    const lines = drawHeatMap(map, { colors: false, columns: 22 })
    expect(lines[0]).toBe('     1   2   3   4')
    expect(lines.slice(-3, -1)).toEqual(['1 I  2 watched  3 it', '4 <eos>'])
  })
})
