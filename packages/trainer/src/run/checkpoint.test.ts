import { floatTensor } from '@heddle/core'
import { expect, it } from 'vitest'
import { MemoryStore } from '../index.ts'
import { type Checkpoint, CheckpointFiles } from './checkpoint.ts'

const at = (step: number, best: number): Checkpoint => ({
  step,
  state: { note: step },
  tensors: new Map([
    ['weights', { step, tensors: new Map([['w', floatTensor([2], Float32Array.of(step, 1))]]) }],
    ['best', { step: best, tensors: new Map([['w', floatTensor([2], Float32Array.of(best, 2))]]) }],
  ]),
})

it('reads back what it wrote and keeps only the newest files', async () => {
  const store = new MemoryStore()
  expect(await new CheckpointFiles(store).read()).toBeUndefined()
  const files = new CheckpointFiles(store)
  await files.write(at(3, 3))
  await files.write(at(6, 3))
  expect(await store.list('trainer')).toEqual([
    'trainer/best-3.safetensors',
    'trainer/state.json',
    'trainer/weights-6.safetensors',
  ])
  expect(await new CheckpointFiles(store).read()).toEqual(at(6, 3))
})

it('does not write a group again that has not changed', async () => {
  const store = new MemoryStore()
  const written: string[] = []
  const watching = Object.assign(Object.create(store) as MemoryStore, {
    write: (path: string, bytes: Uint8Array) => {
      written.push(path)
      return store.write(path, bytes)
    },
    read: (path: string) => store.read(path),
    list: (folder: string) => store.list(folder),
    remove: (path: string) => store.remove(path),
  })
  const files = new CheckpointFiles(watching)
  await files.write(at(3, 3))
  const resumed = new CheckpointFiles(watching)
  await resumed.read()
  await resumed.write(at(6, 3))
  expect(written.filter((path) => path === 'trainer/best-3.safetensors').length).toBe(1)
})

it('removes what an interrupted write left', async () => {
  const store = new MemoryStore()
  const files = new CheckpointFiles(store)
  await files.write(at(3, 3))
  await store.write('trainer/weights-6.safetensors', Uint8Array.of(1))
  await store.write('trainer/optimizer-6.safetensors.tmp', Uint8Array.of(1))
  await files.removeLeftovers()
  expect((await store.list('trainer')).length).toBe(3)
})

it('names every file that is missing or changed', async () => {
  const store = new MemoryStore()
  await new CheckpointFiles(store).write(at(3, 3))
  const bytes = (await store.read('trainer/best-3.safetensors'))!
  bytes[bytes.length - 1]! ^= 1
  await store.write('trainer/best-3.safetensors', bytes)
  await store.remove('trainer/weights-3.safetensors')
  await expect(new CheckpointFiles(store).read()).rejects.toMatchObject({
    code: 'format',
    message: expect.stringMatching(
      /Checkpoint of step 3: .*'trainer\/weights-3.safetensors' is missing; 'trainer\/best-3.safetensors' is not the file that was saved/,
    ),
  })
})

it('refuses a state that it does not know', async () => {
  const store = new MemoryStore()
  const write = (text: string) => store.write('trainer/state.json', new TextEncoder().encode(text))
  await write('{ "format": 7 }')
  await expect(new CheckpointFiles(store).read()).rejects.toThrow('trainer/state.json: expected format 1, got 7.')
  await write('{ "format": 1, "st')
  await expect(new CheckpointFiles(store).read()).rejects.toThrow('trainer/state.json: expected JSON')
  await write('{ "format": 1, "step": 3 }')
  await expect(new CheckpointFiles(store).read()).rejects.toThrow(
    "trainer/state.json: 'files': invalid input: expected record",
  )
  await write('[]')
  await expect(new CheckpointFiles(store).read()).rejects.toThrow('trainer/state.json: ')
})

it.each([
  ["'step'", { step: 1.5 }],
  ["'files.weights.bytes'", { files: { weights: { path: 'trainer/weights-3.safetensors', bytes: '7', crc32: 'a' } } }],
  ["'files.weights.path'", { files: { weights: { path: '../../other.safetensors', bytes: 7, crc32: 'a' } } }],
  ["'files.weights'", { files: { weights: null } }],
])('names the field %s of a state that has the wrong type', async (field, wrong) => {
  const store = new MemoryStore()
  await new CheckpointFiles(store).write(at(3, 3))
  const state = JSON.parse(new TextDecoder().decode(await store.read('trainer/state.json')))
  await store.write('trainer/state.json', new TextEncoder().encode(JSON.stringify({ ...state, ...wrong })))
  await expect(new CheckpointFiles(store).read()).rejects.toMatchObject({
    code: 'format',
    message: expect.stringContaining(`trainer/state.json: ${field}: `),
  })
})

it('writes a group again that was deleted meanwhile', async () => {
  const store = new MemoryStore()
  const files = new CheckpointFiles(store)
  await files.write(at(3, 3))
  await store.remove('trainer/best-3.safetensors')
  await files.write(at(6, 3))
  expect(await new CheckpointFiles(store).read()).toEqual(at(6, 3))
})

it('keeps the checkpoint before, and nothing of its own, when a file cannot be written', async () => {
  const store = new MemoryStore()
  for (const full of ['trainer/weights-6.safetensors', 'trainer/best-6.safetensors', 'trainer/state.json']) {
    const files = new CheckpointFiles(store)
    await files.write(at(3, 3))
    const original = store.write.bind(store)
    store.write = (path, bytes) => (path === full ? Promise.reject(new Error('no space')) : original(path, bytes))
    const before = await store.list('trainer')
    await expect(files.write(at(6, 6))).rejects.toThrow('no space')
    expect(await store.list('trainer')).toEqual(before)
    expect(await new CheckpointFiles(store).read()).toEqual(at(3, 3))
    store.write = original
  }
})
