import { BatchToSpaceND, backend_util, SpaceToBatchND, type TensorInfo } from '@tensorflow/tfjs-core'
import { defineKernel, type KernelCall } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

type Pairs = readonly (readonly [before: number, behind: number])[]

/** A transposition of x seen as one shape, seen as another. */
function rearrange({ run }: KernelCall, x: TensorInfo, shape: number[], perm: number[], result: number[]): TensorInfo {
  return { ...run('Transpose', { x: { ...x, shape } }, { perm }), shape: result }
}

function check(where: string, x: TensorInfo, blocks: readonly number[], pairs: Pairs, fits: boolean): void {
  const sizes = [...blocks, ...pairs.flat()].every((n) => Number.isInteger(n) && n >= 0) && blocks.every((n) => n > 0)
  if (fits && sizes && x.shape.length > blocks.length && pairs.length === blocks.length) return
  throw new KernelError(
    'shape',
    `${where}: expected blocks and borders that fit x, got [${blocks}] and [${pairs.map((pair) => `[${pair}]`)}] for [${x.shape}].`,
  )
}

/** `tf.batchToSpaceND`. */
export const batchToSpace = defineKernel(BatchToSpaceND, (call) => {
  const { x } = call.inputs as { x: TensorInfo }
  const { blockShape, crops } = call.attrs as unknown as { blockShape: number[]; crops: Pairs & number[][] }
  const blocks = sizeOf(blockShape)
  const left = blockShape.map((block, i) => x.shape[i + 1]! * block - (crops[i]?.[0] ?? 0) - (crops[i]?.[1] ?? 0))
  check('batchToSpaceND', x, blockShape, crops, x.shape[0]! % blocks === 0 && left.every((n) => n >= 0))
  const shape = backend_util.getReshaped(x.shape, blockShape, blocks)
  const perm = backend_util.getPermuted(shape.length, blockShape.length)
  const whole = rearrange(call, x, shape, perm, backend_util.getReshapedPermuted(x.shape, blockShape, blocks))
  const begin = backend_util.getSliceBeginCoords(crops, blockShape.length)
  const size = backend_util.getSliceSize(whole.shape, crops, blockShape.length)
  const out = call.run('Slice', { x: whole }, { begin, size })
  call.heap.dispose(whole)
  return out
})

/** `tf.spaceToBatchND`. */
export const spaceToBatch = defineKernel(SpaceToBatchND, (call) => {
  const { x } = call.inputs as { x: TensorInfo }
  const { blockShape, paddings } = call.attrs as unknown as { blockShape: number[]; paddings: Pairs }
  const blocks = sizeOf(blockShape)
  const sizes = blockShape.map((_, i) => x.shape[i + 1]! + (paddings[i]?.[0] ?? 0) + (paddings[i]?.[1] ?? 0))
  check(
    'spaceToBatchND',
    x,
    blockShape,
    paddings,
    sizes.every((n, i) => n % blockShape[i]! === 0),
  )
  const rest = x.shape.slice(1 + blockShape.length)
  const all = [[0, 0], ...paddings, ...rest.map(() => [0, 0])] as never
  const padded = call.run('PadV2', { x }, { paddings: all, constantValue: 0 })
  const shape = backend_util.getReshaped(padded.shape, blockShape, blocks, false)
  const perm = backend_util.getPermuted(shape.length, blockShape.length, false)
  const out = rearrange(
    call,
    padded,
    shape,
    perm,
    backend_util.getReshapedPermuted(padded.shape, blockShape, blocks, false),
  )
  call.heap.dispose(padded)
  return out
})
