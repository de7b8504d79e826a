import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

export interface HubEnvironment {
  readonly endpoint: string | undefined
  readonly token: string | undefined
  /** Folder of the cache. */
  readonly cache: string
  /** Whether only the cache may be used. */
  readonly isOffline: boolean
}

/**
 * Reads the variables of huggingface_hub: `HF_ENDPOINT`, `HF_TOKEN` or the token file, `HF_HUB_CACHE` or `HF_HOME`, `HF_HUB_OFFLINE`.
 *
 * @see https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
 */
export async function hubEnvironment(variables: NodeJS.ProcessEnv = process.env): Promise<HubEnvironment> {
  const value = (name: string) => variables[name]?.trim() || undefined
  const path = (name: string) => value(name)?.replace(/^~(?=$|\/)/, homedir())
  const home = path('HF_HOME') ?? join(path('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'huggingface')
  const savedToken = async () => {
    if (isTrue(value('HF_HUB_DISABLE_IMPLICIT_TOKEN'))) return undefined
    const text = await readFile(path('HF_TOKEN_PATH') ?? join(home, 'token'), 'utf8').catch(() => '')
    return text.trim() || undefined
  }
  return {
    endpoint: value('HF_ENDPOINT'),
    token: value('HF_TOKEN') ?? value('HUGGING_FACE_HUB_TOKEN') ?? (await savedToken()),
    cache: path('HF_HUB_CACHE') ?? path('HUGGINGFACE_HUB_CACHE') ?? join(home, 'hub'),
    isOffline: isTrue(value('HF_HUB_OFFLINE') ?? value('TRANSFORMERS_OFFLINE')),
  }
}

const isTrue = (value: string | undefined) => /^(1|on|yes|true)$/i.test(value ?? '')
