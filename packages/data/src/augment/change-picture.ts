import type { RandomStream } from '@heddle/core'

// H height, W width; pixels are [H, W, 3] from 0 to 1

export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Strengths of the random changes of a picture, each from 0 to 1. */
export interface PictureChanges {
  /** Strength of rotation, translation and scaling. */
  readonly geometry: number
  /** Strength of changes of brightness, saturation and hue. */
  readonly color: number
  /** Probability of outlines, as if drawn with a pen. */
  readonly outline: number
}

/** Changes geometry, colors and outlines of a picture at random: data augmentation for drawings. */
export function changePicture(
  pixels: Float32Array,
  size: PictureSize,
  { geometry, color, outline }: PictureChanges,
  rng: RandomStream,
): Float32Array {
  const moved = geometry > 0 ? transformed(pixels, size, geometry, rng) : pixels.slice()
  if (rng.uniform() < outline) drawOutline(moved, size, rng.uniform())
  if (color > 0) recolor(moved, color, rng)
  return moved
}

/** Rotates by up to 12 degrees, moves by up to a tenth, scales by up to a fifth. New pixels are white. */
function transformed(
  pixels: Float32Array,
  { width, height }: PictureSize,
  amount: number,
  rng: RandomStream,
): Float32Array {
  const about = (range: number) => amount * range * (2 * rng.uniform() - 1)
  const angle = about(0.2)
  const [scaleX, scaleY] = [1 + about(0.2), 1 + about(0.2)]
  const [shiftX, shiftY] = [width * about(0.1), height * about(0.1)]
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const result = new Float32Array(pixels.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = [x - (width - 1) / 2 - shiftX, y - (height - 1) / 2 - shiftY]
      const sourceX = (cos * fromX + sin * fromY) * scaleX + (width - 1) / 2
      const sourceY = (cos * fromY - sin * fromX) * scaleY + (height - 1) / 2
      interpolate(pixels, width, height, sourceX, sourceY, result, (y * width + x) * 3)
    }
  }
  return result
}

/** Writes the interpolated color at a point between pixels. */
function interpolate(
  pixels: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  out: Float32Array,
  at: number,
): void {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [shareX, shareY] = [x - left, y - top]
  for (let dy = 0; dy < 2; dy++) {
    for (let dx = 0; dx < 2; dx++) {
      const weight = (dy === 0 ? 1 - shareY : shareY) * (dx === 0 ? 1 - shareX : shareX)
      const isInside = left + dx >= 0 && left + dx < width && top + dy >= 0 && top + dy < height
      const from = ((top + dy) * width + left + dx) * 3
      for (let c = 0; c < 3; c++) out[at + c]! += weight * (isInside ? pixels[from + c]! : 1)
    }
  }
}

/** Makes pixels paler and those at edges darker. */
function drawOutline(pixels: Float32Array, { width, height }: PictureSize, paler: number): void {
  const gray = Float32Array.from(
    { length: width * height },
    (_, i) => (pixels[3 * i]! + pixels[3 * i + 1]! + pixels[3 * i + 2]!) / 3,
  )
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const across = gray[y * width + Math.min(width - 1, x + 1)]! - gray[y * width + Math.max(0, x - 1)]!
      const down = gray[Math.min(height - 1, y + 1) * width + x]! - gray[Math.max(0, y - 1) * width + x]!
      const ink = Math.min(1, 1.5 * Math.hypot(across, down))
      for (let c = 0; c < 3; c++) {
        const pale = pixels[3 * i + c]! + 0.7 * paler * (1 - pixels[3 * i + c]!)
        pixels[3 * i + c] = pale * (1 - 0.9 * ink)
      }
    }
  }
}

/** Changes contrast, the brightness of each color, and saturation. */
function recolor(pixels: Float32Array, amount: number, rng: RandomStream): void {
  const about = (range: number) => amount * range * (2 * rng.uniform() - 1)
  const gain = [1 + about(0.25), 1 + about(0.25), 1 + about(0.25)]
  const [shift, colorful] = [about(0.1), 1 - amount * 0.6 * rng.uniform() ** 2]
  for (let i = 0; i < pixels.length; i += 3) {
    const gray = (pixels[i]! + pixels[i + 1]! + pixels[i + 2]!) / 3
    for (let c = 0; c < 3; c++) {
      const value = gray + colorful * (pixels[i + c]! - gray)
      // White stays white: the gain is on how far a color is from it.
      pixels[i + c] = Math.min(1, Math.max(0, 1 - (1 - value) * gain[c]! + shift * (1 - value)))
    }
  }
}
