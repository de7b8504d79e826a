import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../data-source.ts'
import { changePicture } from './change-picture.ts'
import { drawScene, NUM_STYLES, SCENE_SIZE } from './draw-scene.ts'
import { nearestCaptions } from './nearest-pictures.ts'
import { readCaptions } from './read-captions.ts'

const size = { width: SCENE_SIZE, height: SCENE_SIZE }

describe('drawScene', () => {
  it('draws what its caption says, in every style', () => {
    const rng = new RandomStream(1)
    for (let i = 0; i < 60; i++) {
      const { source, target } = drawScene(i % NUM_STYLES, rng)
      expect(target).toMatch(/^a (large|small) \w+ \w+( (above|left of) a (large|small) \w+ \w+)?$/)
      const ink = source.pixels.filter((value) => value < 0.98).length / source.pixels.length
      expect(ink).toBeGreaterThan(0.015)
      expect(ink).toBeLessThan(0.75)
      expect(Math.min(...source.pixels)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...source.pixels)).toBeLessThanOrEqual(1 + 1e-6)
    }
  })

  it('puts the first thing on the side that the caption says', () => {
    const rng = new RandomStream(2)
    for (let i = 0; i < 200; i++) {
      const { source, target } = drawScene(0, rng)
      const [, first, relation, second] = /^a \w+ (\w+) \w+ (above|left of) a \w+ (\w+) \w+$/.exec(target) ?? []
      if (first !== 'red' || second !== 'blue') continue
      const middle = (wanted: (r: number, g: number, b: number) => boolean) => {
        const at = { x: 0, y: 0, count: 0 }
        for (let p = 0; p < SCENE_SIZE ** 2; p++) {
          const [r, g, b] = source.pixels.subarray(3 * p, 3 * p + 3)
          if (!wanted(r!, g!, b!)) continue
          at.x += p % SCENE_SIZE
          at.y += Math.floor(p / SCENE_SIZE)
          at.count++
        }
        return { x: at.x / at.count, y: at.y / at.count }
      }
      const red = middle((r, g, b) => r > 0.6 && g < 0.3 && b < 0.3)
      const blue = middle((r, g, b) => r < 0.3 && g < 0.5 && b > 0.6)
      if (relation === 'above') expect(red.y).toBeLessThan(blue.y - 4)
      else expect(red.x).toBeLessThan(blue.x - 4)
    }
  })
})

describe('changePicture', () => {
  const { pixels } = drawScene(0, new RandomStream(3)).source

  it('leaves a picture alone where nothing is to be changed', () => {
    expect(changePicture(pixels, size, { geometry: 0, color: 0, outline: 0 }, new RandomStream(1))).toEqual(pixels)
  })

  it('keeps pixels in range and the white ground white', () => {
    const rng = new RandomStream(1)
    for (let i = 0; i < 30; i++) {
      const changed = changePicture(pixels, size, { geometry: 1, color: 1, outline: 1 }, rng)
      expect(Math.min(...changed)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...changed)).toBeLessThanOrEqual(1 + 1e-6)
      expect(changed[0]).toBeCloseTo(1, 5)
      expect(changed).not.toEqual(pixels)
    }
  })

  it('draws outlines where there are edges', () => {
    const darkest = (values: Float32Array) => Math.min(...values)
    const pale = pixels.map((value) => 0.5 + value / 2)
    const outlined = changePicture(pale, size, { geometry: 0, color: 0, outline: 1 }, new RandomStream(1))
    expect(darkest(outlined)).toBeLessThan(darkest(pale) - 0.1)
  })
})

describe('readCaptions', () => {
  const table = 'row\ten\tko\n0\ta cat\t고양이\n1\ta dog\t개\n'
  const bytes = Uint8Array.from({ length: 2 * 2 * 2 * 2 * 3 }, (_, i) => 5 * i)
  const source = (...files: [string, string | Uint8Array][]) => ({
    name: 'data',
    files: files.flatMap(([name, content]) => memorySource(name, content).files),
  })
  const options = { column: 'ko', size: 2 }

  it('reads a set of pictures in several styles with the captions of a table', async () => {
    const { examples } = await readCaptions(
      source(['a/p_2x2x2x2x3_u8.bin', bytes], ['a/c.tsv', table], ['a/NOTICE', '']),
      options,
    )
    expect(examples.map(({ target, source: { style } }) => [target, style])).toEqual([
      ['고양이', 0],
      ['개', 0],
      ['고양이', 1],
      ['개', 1],
    ])
    expect(examples[1]!.source.pixels[1]).toBeCloseTo((5 * 13) / 255, 6)
  })

  it('says what does not fit', async () => {
    await expect(readCaptions(source(['c.tsv', table]), options)).rejects.toThrow(
      /expected one .tsv of captions and one set of pictures or PNG files, got 1, 0 and 0/,
    )
    await expect(
      readCaptions(source(['p_3x2x2x3.bin', bytes.subarray(0, 36)], ['c.tsv', table]), options),
    ).rejects.toThrow(/expected 2 pictures in colors/)
    await expect(
      readCaptions(source(['p_2x2x2x2x3.bin', bytes], ['c.tsv', table]), { ...options, column: 'fr' }),
    ).rejects.toThrow(/expected a column 'fr' of captions, got row, en, ko/)
  })
})

it('takes the caption of the picture with the nearest pixels for the baseline', () => {
  const picture = (value: number) => ({ name: '', style: 0, ...size, pixels: new Float32Array(12).fill(value) })
  const train = [0.1, 0.5, 0.9].map((value) => ({ source: picture(value), target: `${value}` }))
  const test = [0.85, 0.2].map((value) => ({ source: picture(value), target: '' }))
  expect(nearestCaptions(train, test)).toEqual(['0.9', '0.1'])
})
