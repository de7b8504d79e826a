import { jsonSchemaOf, parseConfig } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import * as schema from './schema.ts'

// Each kind of field beside its counterpart in zod.
const ours = schema.strictObject({
  flag: schema.boolean().default(true).describe('a flag'),
  text: schema.string({ minLength: 1, maxLength: 2 }).default('a'),
  name: schema.string().nullable().default(null),
  size: schema.integer(1).default(5),
  limit: schema.integer(0, 10).nullable().default(null),
  share: schema.number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }).optional(),
  rate: schema.number({ minimum: 0, maximum: 1 }).nullish(),
  side: schema.oneOf('left', 'right'),
  tokens: schema.array(schema.string()).default([]),
  pair: schema.tuple(schema.string(), schema.integer(0)).optional(),
  ids: schema.record(schema.integer(0)).optional(),
  pattern: schema
    .union(schema.object({ String: schema.string() }), schema.object({ Regex: schema.string() }))
    .optional(),
  inner: schema.looseObject({ type: schema.string() }).optional(),
  vocab: schema.unknown(),
})
const zods = z.strictObject({
  flag: z.boolean().default(true).describe('a flag'),
  text: z.string().min(1).max(2).default('a'),
  name: z.string().nullable().default(null),
  size: z.int().min(1).default(5),
  limit: z.int().min(0).max(10).nullable().default(null),
  share: z.number().gt(0).lt(1).optional(),
  rate: z.number().min(0).max(1).nullish(),
  side: z.enum(['left', 'right']),
  tokens: z.array(z.string()).default([]),
  pair: z.tuple([z.string(), z.int().min(0)]).optional(),
  ids: z.record(z.string(), z.int().min(0)).optional(),
  pattern: z.union([z.object({ String: z.string() }), z.object({ Regex: z.string() })]).optional(),
  inner: z.looseObject({ type: z.string() }).optional(),
  vocab: z.unknown(),
})

const VALUES: readonly unknown[] = [
  ...[undefined, null, true, 0, 1, 0.5, -1, 10, 11, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY],
  ...['', 'a', 'ab', 'abc', 'left', '🙂', [], ['a'], [1], ['a', 1], ['a', -1], ['a', 1, 2], {}, { a: 1 }, { a: 'b' }],
  ...[{ String: 'a' }, { Regex: 'a', more: 1 }, { String: 1 }, { String: 'a', Regex: 'b' }, { type: 'A' }],
  ...[{ type: 'A', more: 1 }, { type: 1 }, JSON.parse('{ "constructor": 1 }')],
]
const KEYS = [...Object.keys(zods.shape), 'more', 'toString']
const whole = { side: 'left', vocab: {} }

/** The fields that issues are about. */
const places = (issues: readonly { readonly path?: readonly unknown[] | undefined }[]) =>
  new Set(issues.map(({ path }) => path?.[0]))

describe('Schema', () => {
  it('has the JSON Schema that zod gives for the same fields', () => {
    expect(jsonSchemaOf(ours)).toEqual(jsonSchemaOf(zods))
  })

  it.each(KEYS)('takes and refuses the values of %s that zod takes and refuses', (key) => {
    for (const value of VALUES) {
      // A key that needs a value is not there without one, whatever the value may be.
      if (key === 'vocab' && value === undefined) continue
      const config = { ...whole, [key]: value }
      const expected = zods.safeParse(config)
      const result = ours['~standard'].validate(config)
      if (result instanceof Promise) throw new Error('expected a synchronous result')
      expect([key, value, result.issues === undefined]).toEqual([key, value, expected.success])
      if (result.issues === undefined) expect(result.value).toEqual(expected.data)
      else expect(places(result.issues)).toEqual(places(expected.error!.issues))
    }
  })

  it.each([undefined, null, 1, 'a', [], () => {}])('refuses %s for an object', (value) => {
    expect(ours['~standard'].validate(value)).toEqual({ issues: [{ message: 'expected object', path: [] }] })
  })

  it.each([
    [{ flag: 1 }, "'flag': expected boolean, got 1."],
    [{ size: 0 }, "'size': too small: expected at least 1, got 0."],
    [{ size: 1.5 }, "'size': expected integer, got 1.5."],
    [{ limit: 11 }, "'limit': too big: expected at most 10, got 11."],
    [{ limit: 'x' }, `'limit': expected integer, got "x".`],
    [{ share: 0 }, "'share': too small: expected more than 0, got 0."],
    [{ share: 1 }, "'share': too big: expected less than 1, got 1."],
    [{ name: 1 }, "'name': expected string or null, got 1."],
    [{ text: '' }, `'text': too short: expected a length of at least 1, got "".`],
    [{ side: 'up' }, `'side': expected one of "left", "right", got "up".`],
    [{ side: undefined }, `'side': expected one of "left", "right", got undefined.`],
    [{ vocab: undefined }, "'vocab': expected a value, got undefined."],
    [{ pair: ['a'] }, `'pair': expected 2 values, got ["a"].`],
    [{ tokens: ['a', 1] }, "'tokens.1': expected string, got 1."],
    [{ pattern: 'a' }, `'pattern': expected object with String or object with Regex, got "a".`],
    [{ pattern: { Regex: 1 } }, "'pattern.Regex': expected string, got 1."],
    [{ sise: 1 }, "unknown key 'sise'. "],
  ])('names the place and the expected value: %o', (wrong, message) => {
    expect(() => parseConfig('part', ours, { ...whole, ...wrong })).toThrow(message)
  })
})
