import type { WasmKernel } from '../define-kernel.ts'
import { recurrentKernel, rnnKind } from './recurrent.ts'

/**
 * 'HeddleRnnSequence': an Elman RNN layer over a whole sequence, in one direction.
 *
 * Inputs x [B, T, I], h0 [B, H], inputWeight [I, H], recurrentWeight [H, H], inputBias and recurrentBias [H], lengths [B] int32
 * or none; attributes reverse, activation 'tanh' or 'relu'. Outputs [B, T, H], zero past the lengths, and h [B, H].
 */
export const rnnSequence: WasmKernel = recurrentKernel(rnnKind)
