import { type FileFolder, HeddleError, show } from '@heddle/core'
import { specialTokensOf, Tokenizer, writeTokenizerFolder } from '@heddle/tokenizer'

/** The share of an asset in a folder of transformers. */
export interface ExportedAsset {
  readonly files?: ReadonlyMap<string, Uint8Array>
  /** Fields of config.json. */
  readonly fields?: Readonly<Record<string, unknown>>
  /** Content of generation_config.json. */
  readonly generation?: Readonly<Record<string, unknown>>
}

/**
 * Describes how something that a task learns besides weights is kept as a JSON file: a tokenizer, labels, scales.
 *
 * @typeParam T the learned value
 */
export interface Asset<T> {
  /** Name of the file in the run's folder. */
  readonly file: string
  toJSON(value: T): unknown
  /**
   * @param where the file, for messages
   * @throws HeddleError `format` or `config`
   */
  fromJSON(json: unknown, where: string): T
  /** Reads it from a folder of another layout, such as a checkpoint of transformers, where that holds it. */
  fromFolder?(folder: FileFolder): Promise<T | undefined>
  /** Its share in a folder of transformers, where it has one. @param maxLength number of tokens that the model takes, if limited */
  toFolder?(value: T, options: { readonly maxLength?: number | undefined }): ExportedAsset
  /**
   * The file of an ensemble or an average of runs, where those of its members may differ (default: they may not).
   *
   * @returns undefined where they differ too much
   */
  combine?(files: readonly unknown[]): unknown
  /** Whether a value that another run learned serves in place of the one learned from the data (default: it does). */
  covers?(saved: T, learned: T): boolean
}

/** Assets of a task by name. */
export type AssetsOf<A extends object> = { readonly [K in keyof A]: Asset<A[K]> }

/** Lets a tokenizer read special tokens in data as plain text, so that no line of a corpus becomes a control token. */
export function specialTokensAsText(tokenizer: Tokenizer): Tokenizer {
  tokenizer.encodeSpecialTokens = true
  return tokenizer
}

/** A tokenizer, in the format of Hugging Face's tokenizer.json. */
export const tokenizerAsset = (file = 'tokenizer.json'): Asset<Tokenizer> => ({
  file,
  toJSON: (tokenizer) => tokenizer.toJSON(),
  fromJSON: (json) => specialTokensAsText(Tokenizer.fromJSON(json)),
  fromFolder: async (folder) => specialTokensAsText(await Tokenizer.fromFolder(folder)),
  toFolder: (tokenizer, options) => ({
    files: writeTokenizerFolder(tokenizer, options),
    fields: specialIds(tokenizer),
  }),
})

/** The ids of special tokens as config.json names them; null keeps transformers from its defaults, which are of other vocabularies. */
export function specialIds(tokenizer: Tokenizer): Record<string, number | null> {
  const special = specialTokensOf(tokenizer)
  const id = (token: string | undefined) => (token === undefined ? null : (tokenizer.tokenToId(token) ?? null))
  return { bos_token_id: id(special.bos), eos_token_id: id(special.eos), pad_token_id: id(special.pad) }
}

/** A list of labels; the place of a label is its id. */
export const labelsAsset = (file = 'labels.json'): Asset<readonly string[]> => ({
  file,
  toJSON: (labels) => labels,
  fromJSON(json, where) {
    if (!Array.isArray(json) || !json.every((label) => typeof label === 'string')) {
      throw new HeddleError('format', `${where}: expected a list of labels, got ${show(json)}. Train the run again.`)
    }
    return json
  },
  toFolder: (labels) => ({
    fields: {
      id2label: Object.fromEntries(labels.entries()),
      label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
    },
  }),
  async fromFolder(folder) {
    const bytes = await folder.read('config.json')
    const { id2label } = bytes ? JSON.parse(new TextDecoder().decode(bytes)) : {}
    return id2label && Object.keys(id2label).map((_, id) => String(id2label[id]))
  },
  covers: (saved, learned) => learned.every((label) => saved.includes(label)),
})
