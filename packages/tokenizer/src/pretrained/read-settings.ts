import { HeddleError, show } from '@heddle/core'
import { type Folder, readJson, readText } from './folder.ts'
import { ROLES, type SpecialRole, type TokenizerSettings } from './settings.ts'

/** Without a limit, configs have a number such as 1e30. */
const NO_LIMIT = 1e9

/**
 * Reads the settings of a folder; files that are not there have no effect.
 *
 * @throws HeddleError `format`, naming file and key
 */
export async function readSettings(folder: Folder): Promise<TokenizerSettings> {
  const [config = {}, map = {}, template, templates] = await Promise.all([
    readJson(folder, 'tokenizer_config.json'),
    readJson(folder, 'special_tokens_map.json'),
    readText(folder, 'chat_template.jinja'),
    readJson(folder, 'chat_template.json'),
  ])
  const given = (key: string): unknown => config[key] ?? map[key]
  const specialTokens: Partial<Record<SpecialRole, string>> = {}
  for (const role of ROLES) {
    const token = contentOf(`${role}_token`, given(`${role}_token`))
    if (token !== undefined) specialTokens[role] = token
  }
  const additional = given('additional_special_tokens') ?? given('extra_special_tokens')
  return {
    specialTokens,
    additionalSpecialTokens: (Array.isArray(additional) ? additional : []).flatMap(
      (token) => contentOf('additional_special_tokens', token) ?? [],
    ),
    maxLength: lengthOf(config['model_max_length'] ?? config['max_len']),
    paddingSide: sideOf('padding_side', config['padding_side']),
    truncationSide: sideOf('truncation_side', config['truncation_side']),
    cleanUpTokenizationSpaces: config['clean_up_tokenization_spaces'] === true,
    chatTemplates: templatesOf(template ?? templates?.['chat_template'] ?? config['chat_template']),
    config,
  }
}

// A token is a string, or an object with its flags.
function contentOf(key: string, token: unknown): string | undefined {
  if (token === undefined || token === null || token === '') return undefined
  const content = typeof token === 'object' ? (token as { content?: unknown }).content : token
  if (typeof content === 'string') return content
  throw wrong(key, 'a token', token)
}

function lengthOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !(value >= 1)) throw wrong('model_max_length', 'a number of 1 or more', value)
  return value < NO_LIMIT ? Math.floor(value) : undefined
}

function sideOf(key: string, value: unknown): 'right' | 'left' {
  if (value === undefined || value === null) return 'right'
  if (value === 'right' || value === 'left') return value
  throw wrong(key, "'right' or 'left'", value)
}

// A template, or a list of templates with names.
function templatesOf(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {}
  if (typeof value === 'string') return { default: value }
  if (!Array.isArray(value)) throw wrong('chat_template', 'a template or a list of them', value)
  return Object.fromEntries(
    value.map((entry: unknown) => {
      const { name, template } = (entry ?? {}) as { name?: unknown; template?: unknown }
      if (typeof name === 'string' && typeof template === 'string') return [name, template] as const
      throw wrong('chat_template', 'a name and a template', entry)
    }),
  )
}

const wrong = (key: string, expected: string, got: unknown) =>
  new HeddleError('format', `tokenizer_config.json, ${key}: expected ${expected}, got ${show(got)}. Check the file.`)
