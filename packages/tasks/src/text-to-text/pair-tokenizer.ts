import { postProcessors, Tokenizer, writeTokenizerFolder } from '@heddle/tokenizer'
import { frameIds } from '../sequence-to-text/target-tokens.ts'
import { type Asset, specialIds, specialTokensAsText, tokenizerAsset } from '../task/assets.ts'

/**
 * A tokenizer of one side. In a folder of transformers it puts the end symbol after a text itself, as the encoder reads it, and
 * both sides are one file, so that they must be the same.
 */
export const pairTokenizerAsset = (side: 'source' | 'target'): Asset<Tokenizer> => ({
  ...tokenizerAsset(side === 'source' ? 'tokenizer.json' : 'tokenizer.target.json'),
  fromFolder: async (folder) => specialTokensAsText(await Tokenizer.fromFolder(folder, { side })),
  toFolder(tokenizer, options) {
    const { pad, start, end } = frameIds(tokenizer)
    const closing = tokenizer.idToToken(end)!
    const whole = Tokenizer.fromJSON(tokenizer.toJSON())
    whole.settings = tokenizer.settings
    whole.postProcessor ??= new postProcessors.TemplateProcessing({
      single: `$A ${closing}`,
      pair: `$A $B ${closing}`,
      specialTokens: { [closing]: end },
    })
    return {
      files: writeTokenizerFolder(whole, options),
      fields: { ...specialIds(whole), eos_token_id: end, pad_token_id: pad, decoder_start_token_id: start },
    }
  },
})
