import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodePng } from './decode-png.ts'

/**
 * Names a folder of Willem van Schaik's PngSuite. Beside each `name.png` that is not damaged lies `name.pam`, with the pixels as
 * libpng gives them after `png_set_expand`, `png_set_gray_to_rgb` and `png_set_add_alpha`. (Netpbm's pngtopam leaves out the
 * transparent color of some true-color files.)
 */
const folder = process.env['HEDDLE_PNG_SUITE']
const names = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.png'))

describe.runIf(folder !== undefined)('PngSuite', () => {
  it('is there', () => {
    expect(names.length).toBeGreaterThan(170)
  })

  it.each(names.filter((name) => name.startsWith('x')))('%s is damaged, and refused', (name) => {
    expect(() => decodePng(readFileSync(join(folder!, name)), { file: name })).toThrow(
      expect.objectContaining({ name: 'HeddleError', code: 'format' }),
    )
  })

  it.each(names.filter((name) => !name.startsWith('x')))('%s is decoded as by libpng', (name) => {
    const { width, height, depth, data } = decodePng(readFileSync(join(folder!, name)), { file: name })
    const wanted = readPam(readFileSync(join(folder!, name.replace('.png', '.pam'))))
    expect([width, height]).toEqual([wanted.width, wanted.height])
    const most = 2 ** depth - 1
    for (const [i, value] of wanted.rgba.entries()) {
      if (Math.abs(data[i]! / most - value) > 1e-6) {
        expect.fail(`${name}: expected ${value} at ${i}, got ${data[i]! / most}`)
      }
    }
  })
})

/** Netpbm's arbitrary map, as shares of 1 in red, green, blue and alpha. */
function readPam(file: Buffer): { width: number; height: number; rgba: Float64Array } {
  const end = file.indexOf('ENDHDR\n') + 7
  const header = Object.fromEntries(
    file
      .toString('latin1', 0, end)
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  )
  const [width, height, channels, most] = ['WIDTH', 'HEIGHT', 'DEPTH', 'MAXVAL'].map((key) => Number(header[key])) as [
    number,
    number,
    number,
    number,
  ]
  const value = (i: number) => (most > 255 ? file.readUInt16BE(end + 2 * i) : file[end + i]!) / most
  const rgba = Float64Array.from({ length: width * height * 4 }, (_, i) => {
    const [pixel, c] = [Math.floor(i / 4), i % 4]
    if (c === 3) return channels % 2 === 0 ? value(pixel * channels + channels - 1) : 1
    return value(pixel * channels + (channels < 3 ? 0 : c))
  })
  return { width, height, rgba }
}
