import {
  backend_util,
  ResizeNearestNeighborGrad,
  RotateWithOffset,
  type TensorInfo,
  Transform,
} from '@tensorflow/tfjs-core'
import { defineKernel } from '../define-kernel.ts'
import { KernelError } from '../errors.ts'
import { sizeOf } from '../heap.ts'

// N pictures, H height, W width, C channels

type FillMode = 'constant' | 'reflect' | 'wrap' | 'nearest'

function checkPicture(where: string, image: TensorInfo): void {
  if (image.dtype === 'float32' && image.shape.length === 4) return
  throw new KernelError(
    'shape',
    `${where}: expected float32 [N, H, W, C], got ${image.dtype} [${image.shape}]. Cast it.`,
  )
}

/** A coordinate inside of [0, length - 1] for one that may lie outside. NaN stays NaN, which is no pixel. */
function mapCoordinate(mode: FillMode, at: number, length: number): number {
  if (mode === 'constant') return at
  let inside = at
  if (mode === 'nearest' || length <= 1) inside = at
  else if (mode === 'wrap') {
    const turns = length - 1
    if (at < 0) inside = at + length * (Math.trunc(-at / turns) + 1)
    else if (at > length - 1) inside = at - length * Math.trunc(at / turns)
  } else if (at < 0) {
    const shifted = 2 * length * Math.trunc(-at / (2 * length)) + at
    inside = shifted < -length ? shifted + 2 * length : -shifted - 1
  } else if (at > length - 1) {
    const shifted = at - 2 * length * Math.trunc(at / (2 * length))
    inside = shifted >= length ? 2 * length - shifted - 1 : shifted
  }
  return Math.min(Math.max(0, inside), Math.max(0, length - 1))
}

/** The pixel of a picture, or the fill value outside of it. */
type Pixel = (y: number, x: number, c: number) => number

export function pixelsOf(values: Float32Array, [, H, W, C]: readonly number[], image: number, fill: number): Pixel {
  return (y, x, c) => {
    const inside = y >= 0 && y < H! && x >= 0 && x < W!
    return inside ? values[((image * H! + y) * W! + x) * C! + c]! : fill
  }
}

export function bilinear(pixel: Pixel, y: number, x: number, c: number): number {
  const [top, left] = [Math.floor(y), Math.floor(x)]
  const row = (at: number) => (left + 1 - x) * pixel(at, left, c) + (x - left) * pixel(at, left + 1, c)
  return (top + 1 - y) * row(top) + (y - top) * row(top + 1)
}

/** `tf.image.transform`, in place of tfjs's own, which mirrors incorrectly and draws pixels at coordinates that are not numbers. */
export const transform = defineKernel(Transform, ({ inputs, attrs, heap }) => {
  const { image, transforms } = inputs as { image: TensorInfo; transforms: TensorInfo }
  const { interpolation, fillMode, fillValue, outputShape } = attrs as unknown as {
    interpolation: 'nearest' | 'bilinear'
    fillMode: FillMode
    fillValue: number
    outputShape?: readonly [number, number]
  }
  checkPicture('transform', image)
  const [N, H, W, C] = image.shape as [number, number, number, number]
  const [count, size] = transforms.shape
  if (transforms.dtype !== 'float32' || transforms.shape.length !== 2 || size !== 8 || (count !== 1 && count !== N)) {
    throw new KernelError(
      'shape',
      `transform: expected transforms float32 [1 or ${N}, 8], got ${transforms.dtype} [${transforms.shape}].`,
    )
  }
  const [height, width] = outputShape ?? [H, W]
  const out = heap.makeOutput([N, height, width, C])
  const [values, to] = [heap.floats(image), heap.floats(out)]
  for (let n = 0, at = 0; n < N; n++) {
    const t = heap.floats(transforms).subarray(count === 1 ? 0 : 8 * n)
    const pixel = pixelsOf(values, image.shape, n, fillValue)
    for (let oy = 0; oy < height; oy++) {
      for (let ox = 0; ox < width; ox++) {
        const projection = t[6]! * ox + t[7]! * oy + 1
        const x = mapCoordinate(fillMode, (t[0]! * ox + t[1]! * oy + t[2]!) / projection, W)
        const y = mapCoordinate(fillMode, (t[3]! * ox + t[4]! * oy + t[5]!) / projection, H)
        const place = projection !== 0 && Number.isFinite(x) && Number.isFinite(y)
        for (let c = 0; c < C; c++) {
          if (!place) to[at++] = fillValue
          else
            to[at++] = interpolation === 'nearest' ? pixel(Math.round(y), Math.round(x), c) : bilinear(pixel, y, x, c)
        }
      }
    }
  }
  return out
})

/** `tf.image.rotateWithOffset`, in place of tfjs's own, which reads foreign memory for the fill of a fifth channel. */
export const rotateWithOffset = defineKernel(RotateWithOffset, ({ inputs, attrs, heap }) => {
  const { image } = inputs as { image: TensorInfo }
  const { radians, fillValue, center } = attrs as unknown as {
    radians: number
    fillValue: number | readonly number[]
    center: number | [number, number]
  }
  checkPicture('rotateWithOffset', image)
  const [N, H, W, C] = image.shape as [number, number, number, number]
  const fills = Array.from({ length: C }, (_, c) =>
    typeof fillValue === 'number' ? fillValue : c === 3 ? 255 : fillValue[c],
  )
  if (fills.some((fill) => fill === undefined)) {
    throw new KernelError(
      'shape',
      `rotateWithOffset: expected a fill value for each of ${C} channels, got [${fillValue}].`,
    )
  }
  const [centerX, centerY] = backend_util.getImageCenter(center, H, W)
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)]
  const out = heap.makeOutput(image.shape)
  const [values, to] = [heap.floats(image), heap.floats(out)]
  for (let n = 0, at = 0; n < N; n++) {
    for (let y = 0; y < H; y++) {
      for (let x = 0; x < W; x++) {
        const fromX = Math.round((x - centerX) * cos - (y - centerY) * sin + centerX)
        const fromY = Math.round((x - centerX) * sin + (y - centerY) * cos + centerY)
        const inside = fromX >= 0 && fromX < W && fromY >= 0 && fromY < H
        for (let c = 0; c < C; c++) to[at++] = inside ? values[((n * H + fromY) * W + fromX) * C + c]! : fills[c]!
      }
    }
  }
  return out
})

/**
 * The gradient of `tf.image.resizeNearestNeighbor`: each pixel of dy goes to the pixel that it was copied from. tfjs's own
 * kernel believes the sizes of dy.
 */
export const resizeNearestNeighborGrad = defineKernel(ResizeNearestNeighborGrad, ({ inputs, attrs, heap }) => {
  const { images, dy } = inputs as { images: TensorInfo; dy: TensorInfo }
  const [N, H, W, C] = images.shape as [number, number, number, number]
  const [batch, height, width, channels] = dy.shape as [number, number, number, number]
  checkPicture('resizeNearestNeighborGrad', dy)
  if (images.shape.length !== 4 || N !== batch || C !== channels || (sizeOf(dy.shape) > 0 && H * W === 0)) {
    throw new KernelError('shape', `resizeNearestNeighborGrad: expected dy [${N}, …, …, ${C}], got [${dy.shape}].`)
  }
  const source = (length: number, given: number) => {
    const corners = attrs['alignCorners'] === true && given > 1
    const scale = corners ? (length - 1) / (given - 1) : length / given
    return (at: number) =>
      Math.min(length - 1, attrs['alignCorners'] === true ? Math.round(at * scale) : Math.floor(at * scale))
  }
  const [row, column] = [source(H, height), source(W, width)]
  const out = heap.makeOutput(images.shape)
  const [from, to] = [heap.floats(dy), heap.floats(out)]
  to.fill(0)
  for (let n = 0, at = 0; n < N; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const target = ((n * H + row(y)) * W + column(x)) * C
        for (let c = 0; c < C; c++) to[target + c]! += from[at++]!
      }
    }
  }
  return out
})
