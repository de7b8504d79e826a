import type { OpExports } from './ops/op-exports.ts'

/** The functions of assembly/index.ts. Addresses are byte addresses in tfjs's memory. */
export interface KernelExports extends OpExports {
  setScratch(address: number): void
  scratchBytes(): number
  setTile(rows: number, columns: number): void
  gemmBatch(args: number): void
  packedBBytes(k: number, n: number): number
  packB(k: number, n: number, b: number, bRow: number, bColumn: number, packed: number): void
  unaryOperation(args: number): void
  binaryOperation(args: number): void
  selectOperation(args: number): void
  reduce(args: number): void
  softmax(args: number): void
  stridedCopy(args: number): void
  segmentSum(args: number): void
  convFilterGradient(args: number): void
  convInputGradient(args: number): void
  convWorkspaceBytes(filterPositions: number, inChannels: number, outChannels: number): number
  depthwiseFilterGradient(args: number): void
  depthwiseInputGradient(args: number): void
  cumulativeSum(
    x: number,
    y: number,
    outer: number,
    length: number,
    inner: number,
    exclusive: boolean,
    reverse: boolean,
    integers: boolean,
  ): void
  controlBytes(): number
  startPool(control: number, threads: number, mainMaySleep: boolean): void
  serve(control: number, thread: number, threads: number): void
}
