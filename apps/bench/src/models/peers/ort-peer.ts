/**
 * The side of onnxruntime-web: its WASM backend with SIMD and threads as published. A request with a `model` loads that graph and
 * answers with its outputs; others are timed as in torch_peer.py. One model is held at a time, as the largest ones fill the memory.
 */
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import * as ort from 'onnxruntime-web'
import { timeRuns, type Workload } from '../../measure.ts'
import type { IntegerInput } from '../forward-pass.ts'

interface Request {
  readonly workload: string
  /** Path of an ONNX file. */
  readonly model?: string
  readonly inputs?: Readonly<Record<string, IntegerInput>>
  readonly seconds?: number
}

ort.env.wasm.numThreads = Number(process.argv[2])
let session: ort.InferenceSession | undefined
let loaded: (Workload & { readonly name: string }) | undefined

async function load({ workload, model, inputs }: Required<Omit<Request, 'seconds'>>): Promise<object> {
  await session?.release()
  const [shape] = Object.values(inputs).map((input) => input.shape)
  const opened = await ort.InferenceSession.create(await readFile(model), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    // The sizes are known, so shapes can be computed beforehand.
    freeDimensionOverrides: { batch: shape![0]!, time: shape![1]! },
  })
  session = opened
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, values }]) => [
      name,
      new ort.Tensor('int64', BigInt64Array.from(values, BigInt), shape),
    ]),
  )
  const run = () => opened.run(feeds)
  loaded = { name: workload, tokens: shape!.reduce((a, b) => a * b), run: async () => void (await run()) }
  const outputs = Object.entries(await run()).map(([name, { data }]) => [name, [...(data as Float32Array)]])
  for (let i = 0; i < 2; i++) await run()
  return { outputs: Object.fromEntries(outputs) }
}

async function answer(request: Request): Promise<object> {
  const { workload, model, inputs, seconds } = request
  if (model !== undefined && inputs !== undefined) return load({ workload, model, inputs })
  if (loaded?.name !== workload) return { error: `no workload ${workload}` }
  return { tokens: loaded.tokens, ms: await timeRuns(loaded, seconds ?? 0, 1) }
}

console.log(JSON.stringify({ peer: `onnxruntime-web ${ort.env.versions.web}` }))
for await (const line of createInterface({ input: process.stdin })) {
  const result = await answer(JSON.parse(line) as Request).catch((error: Error) => ({ error: error.message }))
  console.log(JSON.stringify(result))
}
