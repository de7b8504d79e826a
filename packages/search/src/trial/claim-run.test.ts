import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FolderStore } from '@heddle/trainer/node'
import { afterAll, expect, it } from 'vitest'
import { claimRun } from './claim-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'heddle-claim-'))
afterAll(() => rmSync(folder, { recursive: true }))
const never = new AbortController().signal

it('waits for the process that has the folder, takes the claim over when its patience ends, and stops when asked to', async () => {
  const other = new FolderStore(folder)
  const release = await other.lock()
  const waiting = claimRun(new FolderStore(folder), never)
  await release()
  const first = await waiting
  if (first === 'aborted') throw new Error('expected the claim')

  expect(await claimRun(new FolderStore(folder), AbortSignal.timeout(10))).toBe('aborted')

  const second = await claimRun(new FolderStore(folder), never, 0)
  if (second === 'aborted') throw new Error('expected the claim')
  await second()
  await first()
})

it('a process that has lost its claim cannot write any more', async () => {
  const store = new FolderStore(folder)
  const lost = await claimRun(store, never)
  const release = await claimRun(new FolderStore(folder), never, 0)
  await expect(store.write('a.txt', new Uint8Array(1))).rejects.toThrow(/expected .* to be free/)
  for (const end of [lost, release]) if (end !== 'aborted') await end()
})
