/** The chunk `fmt ` of a WAV file. */
export interface WavFormat {
  readonly code: number
  readonly numChannels: number
  readonly sampleRate: number
  /** Bytes of a frame. */
  readonly blockSize: number
  readonly bits: number
}

/** The samples of a file: `count` samples of `width` bytes each. */
export interface SampleLayout {
  readonly start: number
  readonly width: number
  readonly count: number
}

const PCM = 1
const IEEE_FLOAT = 3

/** Returns a function that reads the sample at an offset, or undefined for an encoding that is not known. */
export function sampleReader(
  view: DataView,
  { code, bits }: WavFormat,
  layout: SampleLayout,
): ((at: number) => number) | undefined {
  const { width } = layout
  if (code === IEEE_FLOAT && bits === 32 && width === 4) return (at) => view.getFloat32(at, true)
  if (code === IEEE_FLOAT && bits === 64 && width === 8) return (at) => view.getFloat64(at, true)
  const bytes = Math.ceil(bits / 8)
  if (code !== PCM || bytes < 1 || bytes > 4 || width < bytes || width > 4 || !Number.isInteger(width)) return undefined
  if (width === 1) return (at) => (view.getUint8(at) - 128) / 2 ** 7
  const first = bytes < width && !isLow(view, bytes, layout) ? width - bytes : 0
  const scale = 2 ** (8 * bytes - 1)
  return (at) => integer(view, at + first, bytes) / scale
}

/** A signed integer, the lowest byte first. */
function integer(view: DataView, at: number, bytes: number): number {
  let value = view.getInt8(at + bytes - 1)
  for (let i = bytes - 2; i >= 0; i--) value = value * 256 + view.getUint8(at + i)
  return value
}

/**
 * Whether samples lie in the low bytes of their blocks, as sound cards write them, and not in the high bytes, as the
 * specification has it. In the high bytes, all low ones are 0, and some high ones more than the sign of the byte below.
 */
function isLow(view: DataView, bytes: number, { start, width, count }: SampleLayout): boolean {
  let onlySigns = true
  for (let at = start; at < start + count * width; at += width) {
    for (let byte = 0; byte < width - bytes; byte++) if (view.getUint8(at + byte) !== 0) return true
    const top = view.getUint8(at + width - 1)
    if (top !== 0 && top !== 0xff) onlySigns = false
  }
  return onlySigns
}
