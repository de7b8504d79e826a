/** The functions of assembly/index.ts. Addresses are byte addresses in tfjs's memory. */
export interface KernelExports {
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
  convForward(args: number): void
  convForwardBytes(pixels: number, windowSize: number, outChannels: number): number
  depthwiseForward(args: number): void
  maxPool(args: number): void
  averagePool(args: number): void
  maxPoolGradient(args: number): void
  averagePoolGradient(args: number): void
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
  // Of the fused operations, src/ops.
  recurrentPackedBytes(gates: number, hiddenSize: number, backward: boolean): number
  recurrentForward(args: number): void
  recurrentBackward(args: number): void
  recurrentInputGradient(args: number): void
  decoderForward(args: number): void
  decoderBackward(args: number): void
  attentionScratch(queries: number, keys: number, backward: boolean): number
  attentionParts(tasks: number): number
  attention(args: number): void
  attentionGradient(args: number): void
  /** Returns the sum of the losses. */
  crossEntropy(args: number): number
  gatherRows(args: number): void
  chunkElements(): number
  adamWStep(args: number): void
  sgdStep(args: number): void
  globalNorm(args: number): number
  dropout(args: number): void
  pointwise(args: number): void
  pointwiseGradient(args: number): void
  normalizeBlocks(rows: number): number
  normalize(args: number): void
  normalizeGradient(args: number): void
}
