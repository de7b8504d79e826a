import { HeddleError } from '@heddle/core'

// T time (frames), C channels

/** A sound as floats in [-1, 1]. */
export interface Wav {
  /** Frames a second. */
  readonly sampleRate: number
  readonly numChannels: number
  /** [T, C], the channels of a frame side by side. */
  readonly samples: Float32Array
}

const PCM = 1
const IEEE_FLOAT = 3
const EXTENSIBLE = 0xfffe

/**
 * Reads a WAV file: PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64 bits, with any number of channels.
 *
 * Integers are divided by 2^(bits - 1), so that full scale is [-1, 1). Chunks other than `fmt ` and `data` are left unread.
 *
 * @param options.file the name for messages
 * @throws HeddleError `format`
 * @see IBM and Microsoft 1991, "Multimedia Programming Interface and Data Specifications 1.0", Waveform Audio File Format
 */
export function parseWav(bytes: Uint8Array, { file = 'wav' }: { readonly file?: string } = {}): Wav {
  const fail = (message: string, advice = 'The file is damaged or not a WAV file.'): never => {
    throw new HeddleError('format', `${file}: ${message} ${advice}`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (bytes.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE')
    fail(`expected RIFF … WAVE at its start, got ${JSON.stringify(tag(0))}.`)

  let format: Format | undefined
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = tag(at)
    const size = view.getUint32(at + 4, true)
    const start = at + 8
    const end = start + size
    if (end > bytes.length)
      fail(`expected ${size} bytes in the chunk '${name}' at byte offset ${at}, got ${bytes.length - start}.`)
    if (name === 'fmt ') {
      if (size < 16) fail(`expected at least 16 bytes in the chunk 'fmt ', got ${size}.`)
      format = readFormat(view, start, size)
    } else if (name === 'data') {
      if (format === undefined) return fail("expected the chunk 'fmt ' before the chunk 'data', got none.")
      const { code, bits, numChannels, sampleRate } = format
      const read = sampleReader(view, code, bits)
      if (read === undefined) {
        return fail(
          `expected PCM of 8, 16, 24 or 32 bits or floats of 32 or 64 bits, got format ${code} with ${bits} bits.`,
          'Convert it to 16-bit PCM.',
        )
      }
      const width = (bits / 8) * numChannels
      if (numChannels === 0 || sampleRate === 0)
        fail(`expected channels and a sample rate, got ${numChannels} and ${sampleRate}.`)
      if (size % width !== 0) fail(`expected whole frames of ${width} bytes, got ${size} bytes of data.`)
      const samples = new Float32Array(size / (bits / 8))
      for (let i = 0; i < samples.length; i++) samples[i] = read(start + i * (bits / 8))
      return { sampleRate, numChannels, samples }
    }
    // Chunks start at even offsets.
    at = end + (size % 2)
  }
  return fail("expected a chunk 'data', got none.")
}

interface Format {
  readonly code: number
  readonly numChannels: number
  readonly sampleRate: number
  readonly bits: number
}

function readFormat(view: DataView, start: number, size: number): Format {
  const code = view.getUint16(start, true)
  return {
    // The extensible header holds the real format code at the start of its GUID.
    code: code === EXTENSIBLE && size >= 26 ? view.getUint16(start + 24, true) : code,
    numChannels: view.getUint16(start + 2, true),
    sampleRate: view.getUint32(start + 4, true),
    bits: view.getUint16(start + 14, true),
  }
}

function sampleReader(view: DataView, code: number, bits: number): ((at: number) => number) | undefined {
  if (code === IEEE_FLOAT && bits === 32) return (at) => view.getFloat32(at, true)
  if (code === IEEE_FLOAT && bits === 64) return (at) => view.getFloat64(at, true)
  if (code !== PCM) return undefined
  // 8-bit samples alone are unsigned.
  if (bits === 8) return (at) => (view.getUint8(at) - 128) / 2 ** 7
  if (bits === 16) return (at) => view.getInt16(at, true) / 2 ** 15
  if (bits === 24) return (at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23
  if (bits === 32) return (at) => view.getInt32(at, true) / 2 ** 31
  return undefined
}

/** The mean of the channels. @returns [T] */
export function mixToMono({ samples, numChannels }: Wav): Float32Array {
  if (numChannels === 1) return samples
  const mono = new Float32Array(samples.length / numChannels)
  for (let t = 0; t < mono.length; t++) {
    let sum = 0
    for (let c = 0; c < numChannels; c++) sum += samples[t * numChannels + c]!
    mono[t] = sum / numChannels
  }
  return mono
}
