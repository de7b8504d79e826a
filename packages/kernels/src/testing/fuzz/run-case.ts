import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { getKernel, type KernelBackend, type TensorInfo } from '@tensorflow/tfjs-core'
import type { GuardedMemory } from './guarded-memory.ts'
import type { Case, Data } from './random.ts'

interface Result {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly values: ArrayLike<number>
}

/** Results of a call, or the error that it throws. */
type Outcome = { readonly results: readonly Result[] } | { readonly error: unknown }

interface CpuBackend extends KernelBackend {
  readonly data: { get(dataId: object): { values: ArrayLike<number> } }
  makeTensorInfo(shape: readonly number[], dtype: string, values: unknown): TensorInfo
}

/** The end of a call without a mistake. */
export type Verdict = 'equal' | 'refused' | 'unchecked'

export interface Backends {
  readonly wasm: BackendWasm
  readonly cpu: CpuBackend
  readonly memory: GuardedMemory
}

/**
 * Runs a kernel on guarded memory and holds its results against the cpu backend.
 *
 * @throws Error that says what is wrong: memory written that is not the kernel's, inputs changed, tensors left behind, other
 *   results, or an error that is no refusal
 */
export function runCase(kernelName: string, given: Case, { wasm, cpu, memory }: Backends): Verdict {
  const before = wasm.numDataIds()
  const inputs = mapInputs(given, (data) => writeWasm(wasm, data))
  const outcome = attempt(() => call(kernelName, 'wasm', wasm, inputs, given))
  const damage = memory.damage()
  if (damage.length > 0) throw new Error(`memory that belongs to nobody was written: ${damage.join(', ')}`)
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor === undefined || given.inPlace?.includes(name)) continue
    const { values, dtype } = given.inputs[name]!
    if (!same(readWasm(wasm, tensor).values, typed(dtype, values))) throw new Error(`input ${name} was changed`)
  }
  const actual = 'error' in outcome ? outcome : { results: outcome.tensors.map((tensor) => readWasm(wasm, tensor)) }
  if ('tensors' in outcome) for (const { dataId } of outcome.tensors) wasm.disposeData(dataId)
  for (const tensor of Object.values(inputs)) if (tensor !== undefined) wasm.disposeData(tensor.dataId)
  if (wasm.numDataIds() !== before) throw new Error(`${wasm.numDataIds() - before} tensors were left behind`)
  return judge(kernelName, given, actual, cpu)
}

function judge(kernelName: string, given: Case, actual: Outcome, cpu: CpuBackend): Verdict {
  if ('error' in actual) {
    const { error } = actual
    const refusal =
      error instanceof Error && !['TypeError', 'RangeError', 'RuntimeError', 'ReferenceError'].includes(error.name)
    if (!refusal) throw error
    if (given.huge && error.name !== 'HeddleError') throw error
    return 'refused'
  }
  if (given.huge) throw new Error('a result that cannot fit in memory was made')
  if (given.alone || getKernel(kernelName, 'cpu') == null || NOT_COMPARED.has(kernelName)) return 'unchecked'
  const inputs = mapInputs(given, ({ shape, dtype, values }) => {
    // Some kernels of the cpu backend ask for a rank and a size.
    return {
      ...cpu.makeTensorInfo(shape, dtype, typed(dtype, values)),
      rank: shape.length,
      size: values.length,
    } as TensorInfo
  })
  const outcome = attempt(() => call(kernelName, 'cpu', cpu, inputs, given))
  if ('error' in outcome) throw new Error(`the cpu backend refuses it: ${(outcome.error as Error).message}`)
  const expected = outcome.tensors.map(({ shape, dtype, dataId }) => ({
    shape,
    dtype,
    values: cpu.data.get(dataId).values,
  }))
  for (const tensor of [...outcome.tensors, ...Object.values(inputs)])
    if (tensor !== undefined) cpu.disposeData(tensor.dataId)
  compare(actual.results, expected)
  return 'equal'
}

/** Random numbers of another generator. */
const NOT_COMPARED = new Set(['Multinomial'])

function compare(actual: readonly Result[], expected: readonly Result[]): void {
  if (actual.length !== expected.length) throw new Error(`expected ${expected.length} results, got ${actual.length}`)
  actual.forEach((result, i) => {
    const wanted = expected[i]!
    const describe = ({ dtype, shape }: Result) => `${dtype} [${shape}]`
    if (describe(result) !== describe(wanted)) throw new Error(`expected ${describe(wanted)}, got ${describe(result)}`)
    const size = wanted.shape.reduce((product, n) => product * n, 1)
    for (let j = 0; j < size; j++) {
      const [got, want] = [result.values[j]!, Math.fround(wanted.values[j]!)]
      if (got === want || (Number.isNaN(got) && Number.isNaN(want))) continue
      if (Math.abs(got - want) <= 2e-4 * Math.max(1, Math.abs(want))) continue
      throw new Error(`result ${i}, element ${j}: expected ${want} as on the cpu backend, got ${got}`)
    }
  })
}

function attempt(run: () => TensorInfo[]): { readonly tensors: TensorInfo[] } | { readonly error: unknown } {
  try {
    return { tensors: run() }
  } catch (error) {
    return { error }
  }
}

type Tensors = Record<string, TensorInfo | undefined>

function mapInputs(given: Case, make: (data: Data) => TensorInfo): Tensors {
  const entries = Object.entries(given.inputs)
  return Object.fromEntries(entries.map(([name, data]) => [name, data === undefined ? undefined : make(data)]))
}

function call(name: string, backendName: string, backend: KernelBackend, inputs: Tensors, given: Case): TensorInfo[] {
  // A list of tensors has numbers for names.
  const passed = '0' in inputs ? Object.values(inputs) : inputs
  const attrs = { ...structuredClone(given.attrs), ...given.attributesOf?.(inputs) }
  return [getKernel(name, backendName).kernelFunc({ inputs: passed as never, attrs, backend })].flat()
}

function typed(dtype: string, values: readonly number[]): Float32Array | Int32Array | Uint8Array {
  return dtype === 'float32'
    ? Float32Array.from(values)
    : dtype === 'int32'
      ? Int32Array.from(values)
      : Uint8Array.from(values)
}

function writeWasm(backend: BackendWasm, { shape, dtype, values }: Data): TensorInfo {
  return { dataId: backend.write(typed(dtype, values), [...shape], dtype), shape: [...shape], dtype }
}

function readWasm(backend: BackendWasm, { dataId, shape, dtype }: TensorInfo): Result {
  return { shape, dtype, values: backend.readSync(dataId) as Float32Array }
}

/** Equal as floats, whatever the bits of NaN. */
function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < b.length; i++) if (!Object.is(a[i], b[i])) return false
  return a.length === b.length
}
