import { HeddleError } from '@heddle/core'
import { isRelativePath } from './hub-name.ts'

export const CONFIG = 'config.json'
export const WEIGHTS = 'model.safetensors'
export const INDEX = 'model.safetensors.index.json'
export const TOKENIZER = 'tokenizer.json'

/** Settings beside the model and its tokenizer, which a repository may have or not. */
export const SETTINGS = [
  'generation_config.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'chat_template.jinja',
] as const

/** Vocabularies of repositories without tokenizer.json. */
export const VOCABULARIES = [
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
  'spiece.model',
  'sentencepiece.bpe.model',
  'source.spm',
  'target.spm',
] as const

/** The files of the weights that an index lists. @throws HeddleError `format` */
export function shardsOf(index: Uint8Array, where: string): string[] {
  let map: unknown
  try {
    map = (JSON.parse(new TextDecoder().decode(index)) as { readonly weight_map?: unknown } | null)?.weight_map
  } catch {
    map = undefined
  }
  const shards = typeof map === 'object' && map !== null ? [...new Set(Object.values(map))] : []
  if (shards.length > 0 && shards.every((shard) => typeof shard === 'string' && isRelativePath(shard))) {
    return shards as string[]
  }
  throw new HeddleError(
    'format',
    `${where}/${INDEX}: expected a weight_map with files of the repository, got another content. Use another revision.`,
  )
}
