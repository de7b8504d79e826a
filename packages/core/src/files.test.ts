import { expect, it } from 'vitest'
import { abortableFolder, openFile } from './index.ts'

it('reads nothing more of a folder once the signal has aborted', async () => {
  const bytes = Uint8Array.of(1, 2, 3)
  const controller = new AbortController()
  const reason = new Error('enough')
  let reads = 0
  const folder = abortableFolder(
    {
      name: 'a',
      read: async (path) => {
        reads++
        return path === 'weights' ? bytes : undefined
      },
    },
    controller.signal,
  )
  expect(folder.name).toBe('a')
  expect(await folder.read('weights')).toEqual(bytes)
  expect(await openFile(folder, 'none')).toBeUndefined()
  const file = await openFile(folder, 'weights')
  expect(file!.size).toBe(3)
  expect(await file!.read(1, 3)).toEqual(Uint8Array.of(2, 3))
  controller.abort(reason)
  expect(reads).toBe(3)
  await expect(file!.read(0, 1)).rejects.toBe(reason)
  await expect(folder.read('weights')).rejects.toBe(reason)
  await expect(openFile(folder, 'weights')).rejects.toBe(reason)
  expect(reads).toBe(3)
  await file!.close()
})
