import * as schema from '../config/schema.ts'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'

/** Joins all tokens without separators. */
export class Fuse implements Decoder {
  decode(tokens: readonly string[]): string[] {
    return [tokens.join('')]
  }

  toJSON() {
    return { type: 'Fuse' }
  }
}

export const fuse = decoderPoint.of({
  name: 'Fuse',
  summary: 'joins the tokens',
  config: schema.strictObject({}),
  create: () => new Fuse(),
})
