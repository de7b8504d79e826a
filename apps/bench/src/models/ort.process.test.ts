import { useWasm } from '@heddle/kernels'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Peer } from '../peer.ts'
import { openInOrt } from './ort.ts'
import { bertInference } from './workloads/bert.ts'

const sizes = { vocabSize: 60, hiddenSize: 16, numLayers: 2, numHeads: 2, maxPositions: 128 }
let peer: Peer

beforeAll(async () => {
  await useWasm({ threads: 1 })
  const script = new URL('./peers/ort-peer.ts', import.meta.url).pathname
  peer = await Peer.start(process.execPath, [script, '1'], 'onnxruntime-web')
})
afterAll(() => peer.stop())

test('onnxruntime-web computes what Heddle does, and is timed', async () => {
  const pass = bertInference(sizes, 3)
  expect(await openInOrt(peer, 'small', pass)).toBeLessThan(1e-5)
  const { tokens, ms } = await peer.ask<{ tokens: number; ms: number[] }>({ workload: 'small', seconds: 0 })
  expect(tokens).toBe(pass.tokens)
  expect(ms).toHaveLength(1)
  await expect(peer.ask({ workload: 'other', seconds: 0 })).rejects.toThrow('no workload other')
  pass.dispose?.()
})

test('outputs that differ are an error', async () => {
  const pass = bertInference(sizes, 2)
  const { outputs, ...exported } = await pass.toOnnx()
  const logits = outputs['logits']!.map((x) => x + 0.01)
  const changed = { ...pass, toOnnx: async () => ({ ...exported, outputs: { ...outputs, logits } }) }
  await expect(openInOrt(peer, 'changed', changed)).rejects.toMatchObject({ code: 'data' })
  pass.dispose?.()
})
