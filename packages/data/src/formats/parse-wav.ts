import { HeddleError, show } from '@heddle/core'
import { sampleReader, type WavFormat } from './wav-samples.ts'

// T time (frames), C channels

/** A sound as floats; integers have the range [-1, 1). */
export interface Wav {
  /** Frames a second. */
  readonly sampleRate: number
  readonly numChannels: number
  /** [T, C], the channels of a frame side by side. */
  readonly samples: Float32Array
}

const EXTENSIBLE = 0xfffe
/** Highest sample rate of recordings; anything above is damage. */
const MAX_SAMPLE_RATE = 1_000_000
/** Sizes from here on stand for an unknown size: programs that write to a pipe cannot go back to fill it in. */
const UNKNOWN_SIZE = 0x7fff0000

/**
 * Reads a WAV file: PCM of up to 32 bits, or floats of 32 or 64 bits, with any number of channels.
 *
 * Integers are divided by 2^(bits - 1). Samples may lie in larger blocks, such as 24 bits in 4 bytes. Data of unknown size reach to
 * the end of the file. Chunks other than `fmt ` and `data` are left unread.
 *
 * @param options.file the name for messages
 * @throws HeddleError `format` for damaged files, other encodings, and samples that are not finite
 * @see IBM and Microsoft 1991, "Multimedia Programming Interface and Data Specifications 1.0", Waveform Audio File Format
 */
export function parseWav(bytes: Uint8Array, { file = 'wav' }: { readonly file?: string } = {}): Wav {
  const fail: Fail = (message, advice = 'The file is damaged or not a WAV file.') => {
    throw new HeddleError('format', `${file}: ${message} ${advice}`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12 || tagAt(bytes, 0) !== 'RIFF' || tagAt(bytes, 8) !== 'WAVE') {
    fail(`expected RIFF … WAVE at its start, got ${show(tagAt(bytes, 0))}.`)
  }
  let format: WavFormat | undefined
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = tagAt(bytes, at)
    const size = view.getUint32(at + 4, true)
    const start = at + 8
    if (name === 'data') {
      if (format === undefined) return fail("expected the chunk 'fmt ' before the chunk 'data', got none.")
      return readData(view, format, start, dataSize(view, start, size, fail), fail)
    }
    const end = start + size
    if (end > bytes.length) {
      fail(`expected ${size} bytes in the chunk ${show(name)} at byte offset ${at}, got ${bytes.length - start}.`)
    }
    if (name === 'fmt ') {
      if (size < 16) fail(`expected at least 16 bytes in the chunk 'fmt ', got ${size}.`)
      format = readFormat(view, start, size)
    }
    // Chunks start at even offsets.
    at = end + (size % 2)
  }
  return fail("expected a chunk 'data', got none.")
}

type Fail = (message: string, advice?: string) => never

const tagAt = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))

function readFormat(view: DataView, start: number, size: number): WavFormat {
  const code = view.getUint16(start, true)
  return {
    // The extensible header holds the real format code at the start of its GUID.
    code: code === EXTENSIBLE && size >= 26 ? view.getUint16(start + 24, true) : code,
    numChannels: view.getUint16(start + 2, true),
    sampleRate: view.getUint32(start + 4, true),
    blockSize: view.getUint16(start + 12, true),
    bits: view.getUint16(start + 14, true),
  }
}

/** The size of the data that start at `start`; a size that was never filled in becomes the rest of the file. */
function dataSize(view: DataView, start: number, size: number, fail: Fail): number {
  const rest = view.byteLength - start
  if (size >= UNKNOWN_SIZE && size > rest) return rest
  if (size === 0 && !areChunks(view, start)) return rest
  if (size > rest) fail(`expected ${size} bytes in the chunk 'data' at byte offset ${start - 8}, got ${rest}.`)
  return size
}

/** Whether named chunks follow up to the end of the file. */
function areChunks(view: DataView, at: number): boolean {
  while (at + 8 <= view.byteLength) {
    for (let i = 0; i < 4; i++) if (view.getUint8(at + i) < 0x20 || view.getUint8(at + i) > 0x7e) return false
    const size = view.getUint32(at + 4, true)
    at += 8 + size + (size % 2)
  }
  return at >= view.byteLength && at <= view.byteLength + 1
}

function readData(view: DataView, format: WavFormat, start: number, size: number, fail: Fail): Wav {
  const { code, bits, numChannels, sampleRate } = format
  if (numChannels === 0 || sampleRate === 0 || sampleRate > MAX_SAMPLE_RATE) {
    fail(`expected channels and 1 to ${MAX_SAMPLE_RATE} samples a second, got ${numChannels} and ${sampleRate}.`)
  }
  const blockSize = format.blockSize === 0 ? numChannels * Math.ceil(bits / 8) : format.blockSize
  const width = blockSize / numChannels
  // A frame that a recording was cut off in is left out.
  const T = Math.floor(size / blockSize)
  const read = sampleReader(view, format, { start, width, count: T * numChannels })
  if (read === undefined) {
    return fail(
      `expected PCM of up to 32 bits or floats of 32 or 64 bits, got format ${code} with ${bits} bits in blocks of ${blockSize} bytes for ${numChannels} channels.`,
      'Convert it to 16-bit PCM.',
    )
  }
  const samples = new Float32Array(T * numChannels)
  for (let i = 0; i < samples.length; i++) {
    const value = read(start + i * width)
    samples[i] = value
    if (!Number.isFinite(samples[i])) {
      fail(
        `expected finite samples, got ${value} in frame ${Math.floor(i / numChannels)}.`,
        'Record or convert it again.',
      )
    }
  }
  return { sampleRate, numChannels, samples }
}

/** Returns the mean of the channels. @returns [T] */
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
