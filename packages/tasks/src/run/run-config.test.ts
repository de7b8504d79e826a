import { createRegistry } from '@heddle/core'
import { expect, it } from 'vitest'
import { readRunConfig } from './run-config.ts'

it('tells a folder of transformers from a run that is damaged', async () => {
  const read = (value: object) =>
    readRunConfig({ read: async () => new TextEncoder().encode(JSON.stringify(value)) }, createRegistry([]), 'hf')
  await expect(read({ model_type: 'bert', architectures: ['BertModel'] })).rejects.toThrow(
    "hf: expected a run of Heddle, got a folder in transformers' layout. Make a run of it with heddle train <recipe> --from hf.",
  )
  await expect(read({ format: 1, colour: 'red' })).rejects.toThrow("hf/config.json: unknown key 'colour'.")
})
