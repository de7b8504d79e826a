import { decode } from 'fast-png'
import { expect, it } from 'vitest'
import { colorPng, grayPng } from './picture-data.ts'

const decoded = (url: string) => decode(Buffer.from(url.replace('data:image/png;base64,', ''), 'base64'))

it('data URLs hold the pixels as PNG, clipped to a byte', () => {
  expect(decoded(grayPng([0, 1, 0.5, 2], 2, 2))).toMatchObject({ width: 2, height: 2, channels: 1 })
  expect([...decoded(grayPng([0, 1, 0.5, 2], 2, 2)).data]).toEqual([0, 255, 128, 255])
  expect([...decoded(colorPng([300, 0, -1], 1, 1)).data]).toEqual([255, 0, 0])
})

it('large pictures fit too', () => {
  const noise = Array.from({ length: 200 * 200 }, (_, i) => ((i * 7919) % 256) / 255)
  expect(decoded(grayPng(noise, 200, 200)).data).toHaveLength(40_000)
})
