import { expect, test } from 'vitest'
import * as z from 'zod'
import { jsonSchemaOf, parseConfig } from './config.ts'

const schema = z.strictObject({
  hiddenSize: z.int().min(1),
  dropout: z.number().min(0).max(1).default(0),
  optimizer: z.strictObject({ name: z.enum(['adamw', 'sgd']).default('adamw') }).default({ name: 'adamw' }),
})

test('defaults are filled in', () => {
  expect(parseConfig('lstm', schema, { hiddenSize: 4 })).toEqual({
    hiddenSize: 4,
    dropout: 0,
    optimizer: { name: 'adamw' },
  })
})

test('an unknown key is named with its nearest, also inside a nested object', () => {
  expect(() => parseConfig('lstm', schema, { hiddenSize: 4, droput: 0.1 })).toThrow(
    /^lstm: unknown key 'droput'\. Did you mean 'dropout'\?/,
  )
  expect(() => parseConfig('lstm', schema, { hiddenSize: 4, optimizer: { nam: 'sgd' } })).toThrow(
    /unknown key 'optimizer\.nam'\. Did you mean 'name'\?/,
  )
})

test('every issue is listed with its path and what came', () => {
  let message = ''
  try {
    parseConfig('lstm', schema, { hiddenSize: 0, dropout: 2 })
  } catch (error) {
    message = (error as Error).message
    expect(error).toMatchObject({ name: 'HeddleError', code: 'config' })
  }
  expect(message).toMatch(/'hiddenSize': .*got 0\..*'dropout': .*got 2\./)
})

test('an unknown key is named once, also inside a list, and other issues with it', () => {
  const list = z.strictObject({ parts: z.array(z.strictObject({ name: z.string(), size: z.int() })) })
  expect(() =>
    parseConfig('x', list, {
      parts: [
        { name: 'a', size: 1 },
        { name: 1, size: 2, sise: 3 },
      ],
    }),
  ).toThrow(
    /^x: unknown key 'parts\.1\.sise'\. Did you mean 'size'\? 'parts\.1\.name': invalid input: expected string, got 1\.$/,
  )
})

test('a message says what was expected where the schema does not', () => {
  expect(() => parseConfig('x', z.union([z.string(), z.number()]), null)).toThrow(
    'x: invalid input: expected another value, got null.',
  )
})

test('messages are short whatever the value', () => {
  const values = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${i}${'x'.repeat(10_000)}`, i]))
  for (const value of [values, { hiddenSize: 'x'.repeat(1_000_000) }]) {
    let message = ''
    try {
      parseConfig('lstm', schema, value)
    } catch (error) {
      message = (error as Error).message
    }
    expect(message.length).toBeGreaterThan(20)
    expect(message.length).toBeLessThan(5000)
  }
})

test('a value that is no object at all is refused', () => {
  expect(() => parseConfig('lstm', schema, null)).toThrow(/^lstm: .*got null/)
})

test('an asynchronous schema is refused', () => {
  const asynchronous = { '~standard': { ...schema['~standard'], validate: async () => ({ value: {} }) } }
  expect(() => parseConfig('x', asynchronous, {})).toThrow(/synchronous config schema/)
})

test('the JSON Schema describes the input', () => {
  expect(jsonSchemaOf(schema)).toMatchObject({ type: 'object', required: ['hiddenSize'], additionalProperties: false })
})
