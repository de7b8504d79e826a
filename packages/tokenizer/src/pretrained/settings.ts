/** The roles of special tokens in tokenizer_config.json. */
export const ROLES = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'] as const

export type SpecialRole = (typeof ROLES)[number]

/** Settings from the files beside tokenizer.json: tokenizer_config.json, special_tokens_map.json and chat_template.jinja. */
export interface TokenizerSettings {
  /** Special tokens by role. */
  readonly specialTokens: Readonly<Partial<Record<SpecialRole, string>>>
  /** Further special tokens. */
  readonly additionalSpecialTokens: readonly string[]
  /** Largest number of tokens that the model takes; undefined if there is no limit. */
  readonly maxLength: number | undefined
  readonly paddingSide: 'right' | 'left'
  readonly truncationSide: 'right' | 'left'
  /** Whether decoding removes spaces before English punctuation. */
  readonly cleanUpTokenizationSpaces: boolean
  /** Chat templates by name; `default` is used without a name. */
  readonly chatTemplates: Readonly<Record<string, string>>
  /** Further keys of tokenizer_config.json. */
  readonly config: Readonly<Record<string, unknown>>
}

export const NO_SETTINGS: TokenizerSettings = {
  specialTokens: {},
  additionalSpecialTokens: [],
  maxLength: undefined,
  paddingSide: 'right',
  truncationSide: 'right',
  cleanUpTokenizationSpaces: false,
  chatTemplates: {},
  config: {},
}
