import type { Workload } from '../measure.ts'

/** Whole numbers as an input of a graph. */
export interface IntegerInput {
  readonly shape: readonly number[]
  readonly values: readonly number[]
}

/** A forward pass for another runtime: the graph with the weights, its inputs, and what Heddle computes of them. */
interface ExportedPass {
  /** ONNX file. */
  readonly graph: Uint8Array
  readonly inputs: Readonly<Record<string, IntegerInput>>
  readonly outputs: Readonly<Record<string, Float32Array>>
}

/** A workload of inference that other runtimes can do with the same weights and inputs. */
export interface ForwardPass extends Workload {
  toOnnx(): Promise<ExportedPass>
}
