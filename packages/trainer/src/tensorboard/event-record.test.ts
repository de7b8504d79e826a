import { encodeProto } from '@heddle/core'
import { expect, it } from 'vitest'
import { eventRecord } from './event-record.ts'
import { histogramValue, scalarValue, startEvent, valuesEvent, versionEvent } from './summary.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

it('frames data as TensorFlow does', () => {
  // As tensorboard.summary.writer.record_writer writes b"heddle" and b"".
  expect(hex(eventRecord(new TextEncoder().encode('heddle')))).toBe('06000000000000007369d537686564646c650dcb08a7')
  expect(hex(eventRecord(new Uint8Array()))).toBe('000000000000000029039807d8ea82a2')
})

it('writes the messages that tensorboard writes', () => {
  expect(hex(versionEvent(1.5))).toBe('09000000000000f83f1a0d627261696e2e4576656e743a32')
  expect(hex(startEvent(1.5, 8))).toBe('09000000000000f83f10083a020801')
  expect(hex(valuesEvent(1.5, 300, [scalarValue('loss', 0.5)]))).toBe(
    '09000000000000f83f10ac022a0d0a0b0a046c6f7373150000003f',
  )
})

it('a histogram has as many values as the tensor, each in its bucket', () => {
  const values = Float32Array.of(-2, -1, 0, 1, 1, 3)
  const [, [, histogram]] = histogramValue('w', { size: 12, values }) as unknown as [
    unknown,
    [number, [number, { double: number } | Float64Array][]],
  ]
  const field = (number: number) => histogram.find(([n]) => n === number)![1]
  expect([1, 2, 3, 4, 5].map((n) => (field(n) as { double: number }).double)).toEqual([-2, 3, 12, 4, 32])
  const [limits, counts] = [field(6) as Float64Array, field(7) as Float64Array]
  expect([...limits]).toEqual([...limits].sort((a, b) => a - b))
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(12)
  for (const value of new Set(values)) {
    const bucket = limits.findIndex((limit) => value <= limit)
    expect(counts[bucket], `${value}`).toBe(2 * values.filter((other) => other === value).length)
    expect(limits[bucket]! - limits[bucket - 1]!).toBeLessThanOrEqual(0.2 * Math.abs(value) + 2e-12)
  }
  expect(encodeProto(histogramValue('w', { size: 12, values })).length).toBeLessThan(500)
})
