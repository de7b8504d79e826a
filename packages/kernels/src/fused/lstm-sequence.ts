import type { WasmKernel } from '../define-kernel.ts'
import { lstmKind, recurrentKernel } from './recurrent.ts'

/**
 * 'HeddleLstmSequence': an LSTM layer over a whole sequence, in one direction.
 *
 * Inputs x [B, T, I], h0 and c0 [B, H], inputWeight [I, 4H], recurrentWeight [H, 4H], inputBias and recurrentBias [4H] (gates
 * i f g o), lengths [B] int32 or none; attribute reverse. Outputs [B, T, H], zero past the lengths, and h and c [B, H].
 */
export const lstmSequence: WasmKernel = recurrentKernel(lstmKind)
