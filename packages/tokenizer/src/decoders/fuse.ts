import { z } from 'zod'
import { type Decoder, decoderPoint } from '../pipeline/points.ts'

/** All tokens as one string, nothing between them. */
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
  config: z.strictObject({}),
  create: () => new Fuse(),
})
