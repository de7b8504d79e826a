/** The functions of assembly/index.ts that the fused operations call. */
export interface OpExports {
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
  globalNorm(args: number): number
  dropout(args: number): void
  pointwise(args: number): void
  pointwiseGradient(args: number): void
  normalizeBlocks(rows: number): number
  normalize(args: number): void
  normalizeGradient(args: number): void
}
