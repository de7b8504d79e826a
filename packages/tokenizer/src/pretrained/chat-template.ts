import { HeddleError } from '@heddle/core'
import { Template } from '@huggingface/jinja'
import type { TokenizerSettings } from './settings.ts'

/** A message of a conversation. */
export interface ChatMessage {
  readonly role: string
  readonly content: unknown
  readonly [key: string]: unknown
}

export interface ChatOptions {
  /** Whether to end with the start of the assistant's answer. Default false. */
  readonly addGenerationPrompt?: boolean
  /** Name of the template. Default `default`, or the only one. */
  readonly template?: string
  /** Descriptions of tools that the model may call. */
  readonly tools?: readonly unknown[]
  /** Further variables of the template. */
  readonly variables?: Readonly<Record<string, unknown>>
}

/**
 * The text of a conversation in the form that a chat model was trained on.
 *
 * @throws HeddleError `usage` if there is no such template; `format` if the template is malformed or refuses the messages
 */
export function renderChat(
  settings: TokenizerSettings,
  messages: readonly ChatMessage[],
  options: ChatOptions = {},
): string {
  const names = Object.keys(settings.chatTemplates)
  const fallback = options.tools !== undefined && names.includes('tool_use') ? 'tool_use' : 'default'
  const name = options.template ?? (names.length === 1 ? names[0]! : fallback)
  const source = Object.hasOwn(settings.chatTemplates, name) ? settings.chatTemplates[name] : undefined
  if (source === undefined) {
    const got = names.length === 0 ? 'no chat template' : names.join(', ')
    throw new HeddleError('usage', `chat template: expected a template '${name}', got ${got}. Name one that is there.`)
  }
  const tokens = Object.entries(settings.specialTokens).map(([role, token]) => [`${role}_token`, token])
  try {
    return new Template(source).render({
      ...Object.fromEntries(tokens),
      messages,
      add_generation_prompt: options.addGenerationPrompt ?? false,
      ...(options.tools !== undefined && { tools: options.tools }),
      ...options.variables,
    })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HeddleError(
      'format',
      `chat template '${name}': expected to be rendered for ${messages.length} messages, got: ${reason}. Check the messages and the template.`,
      { cause },
    )
  }
}
