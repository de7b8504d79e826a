import type { WasmKernel } from '../define-kernel.ts'
import { gruKind, recurrentKernel } from './recurrent.ts'

/**
 * 'HeddleGruSequence': a GRU layer over a whole sequence, in one direction.
 *
 * Inputs x [B, T, I], h0 [B, H], inputWeight [I, 3H], recurrentWeight [H, 3H], inputBias and recurrentBias [3H] (gates r z n,
 * n = tanh(x·W_in + b_in + r·(h·W_hn + b_hn))), lengths [B] int32 or none; attribute reverse. Outputs [B, T, H], zero past
 * the lengths, and h [B, H].
 */
export const gruSequence: WasmKernel = recurrentKernel(gruKind)
