import { encode } from 'fast-png'

/** Red, green and blue from 0 to 255. */
export type Color = readonly [number, number, number]

/** Sizes of a drawing in pixels. */
interface Size {
  readonly width: number
  readonly height: number
}

/** A picture that is drawn pixel by pixel, for tools that show no HTML. */
export class Drawing {
  readonly width: number
  readonly height: number
  readonly #data: Uint8Array

  constructor({ width, height }: Size, color: Color) {
    this.width = width
    this.height = height
    this.#data = new Uint8Array(width * height * 3)
    this.fill(0, 0, this, color)
  }

  /** Fills a rectangle; what lies outside the picture is left out. */
  fill(x: number, y: number, { width, height }: Size, [red, green, blue]: Color): void {
    const data = this.#data
    const [left, right] = [Math.max(0, x), Math.min(this.width, x + width)]
    for (let row = Math.max(0, y); row < Math.min(this.height, y + height); row++) {
      const end = 3 * (row * this.width + right)
      for (let at = 3 * (row * this.width + left); at < end; at += 3) {
        data[at] = red
        data[at + 1] = green
        data[at + 2] = blue
      }
    }
  }

  /** Draws a picture with each of its pixels as a square of `scale` pixels. */
  place(x: number, y: number, { width, height }: Size, scale: number, colorAt: (pixel: number) => Color): void {
    const square = { width: scale, height: scale }
    for (let i = 0; i < width * height; i++) {
      this.fill(x + (i % width) * scale, y + Math.floor(i / width) * scale, square, colorAt(i))
    }
  }

  /** As a PNG file. */
  picture(): Size & { readonly png: Uint8Array; readonly channels: 3 } {
    const { width, height } = this
    return { png: encode({ width, height, data: this.#data, channels: 3 }), width, height, channels: 3 }
  }
}

/** The color between white and `color`, by a share from 0 to 1. */
export function tint(color: Color, share: number): Color {
  const part = Math.min(1, Math.max(0, share))
  return color.map((value) => Math.round(255 + part * (value - 255))) as unknown as Color
}

/** A gray from 0 (black) to 1 (white). */
export function gray(value: number): Color {
  const byte = Math.round(255 * Math.min(1, Math.max(0, value)))
  return [byte, byte, byte]
}
