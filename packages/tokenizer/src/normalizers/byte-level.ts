import * as schema from '../config/schema.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import { byteSources, toByteCharacters } from '../unicode/byte-characters.ts'

/** Writes text as the printable characters of its UTF-8 bytes. */
export class ByteLevel implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    const input = text.text
    const output = toByteCharacters(input)
    return output === input ? text : text.derive(output, () => byteSources(input))
  }

  toJSON() {
    return { type: 'ByteLevel' }
  }
}

export const byteLevel = normalizerPoint.of({
  name: 'ByteLevel',
  summary: 'bytes as printable characters',
  config: schema.strictObject({}),
  create: () => new ByteLevel(),
})
