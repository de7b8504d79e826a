import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRegistry } from '@heddle/core'
import { stdPlugins } from '@heddle/std'
import { expect, it } from 'vitest'
import { readSpace } from './trial-settings.ts'

const registry = createRegistry([stdPlugins])
const shared = { recipe: 'names', set: [] }

async function read(space: unknown) {
  const folder = await mkdtemp(join(tmpdir(), 'space-'))
  try {
    const path = join(folder, 'space.json')
    await writeFile(path, typeof space === 'string' ? space : JSON.stringify(space))
    return await readSpace(path, shared, registry)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const recurrent = { type: 'recurrent-classifier', cell: 'gru' }
const models = ['recurrent-classifier', 'transformer-classifier']

it('a setting that not every choice of its part has belongs into the choices', async () => {
  await expect(
    read({ model: { type: 'choice', values: models }, 'model.cell': { type: 'choice', values: ['lstm', 'gru'] } }),
  ).rejects.toThrow(
    /'model.cell': expected a setting that there is with each choice of 'model', got none with transformer-classifier: .*Write the setting into the choices of 'model'/,
  )
  const nested = { model: { type: 'choice', values: [recurrent, models[1]] } }
  expect(await read(nested)).toEqual(nested)
  const both = {
    model: { type: 'choice', values: models },
    'training.learningRate': { type: 'log-uniform', low: 1e-4, high: 0.1 },
  }
  expect(await read(both)).toEqual(both)
})

it('a file that is no JSON, or with a name that there is not, says what to do', async () => {
  await expect(read('training.learningRate:\n  low: 1')).rejects.toThrow(/expected JSON in .* Write \{/)
  await expect(read({ 'training.lerningRate': { type: 'log-uniform', low: 1e-4, high: 1 } })).rejects.toThrow(
    "Did you mean 'learningRate'?",
  )
})
