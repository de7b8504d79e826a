import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { HeddleError } from '@heddle/core'
import { type HubOptions, hubOf } from '../hub.ts'
import { parseHubName } from '../hub-name.ts'
import { type DownloadProgress, downloadPretrained } from './download-pretrained.ts'
import { hubEnvironment } from './environment.ts'
import { HubCache } from './hub-cache.ts'

export interface PretrainedFolderOptions extends HubOptions {
  /** Folder of the cache (default: that of huggingface_hub). */
  readonly cache?: string
  /** Whether only the cache may be used (default: `HF_HUB_OFFLINE`). */
  readonly isOffline?: boolean
  /** Files to download in place of those of a model: `['adapter_config.json', 'adapter_model.safetensors']`. */
  readonly files?: readonly string[]
  /** Ends the download; what has arrived is kept for the next. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: DownloadProgress) => void
  /** Called when the hub cannot be reached and the copy in the cache is used. */
  readonly onWarning?: (message: string) => void
}

/** A folder that holds a model. */
export interface PretrainedFolder {
  /** Path of the folder. */
  readonly folder: string
  /** Name that stands for the same files later: the path, or `hf://org/name@commit`. */
  readonly name: string
}

/**
 * The folder of a model that is named by its path, or by `org/name`, `org/name@revision` or `hf://org/name` on the hub, from which its
 * configuration, tokenizer and weights are downloaded into the cache of huggingface_hub. A folder of that path comes first.
 *
 * The hub, the token and the cache are those of the environment (`HF_ENDPOINT`, `HF_TOKEN`, `HF_HOME`, …) where the options name no others.
 *
 * @throws HeddleError `file` when there is neither such a folder nor such a repository; `network` when the hub cannot be reached or refuses
 */
export async function pretrainedFolder(name: string, options: PretrainedFolderOptions = {}): Promise<PretrainedFolder> {
  const info = await stat(name).catch(() => undefined)
  if (info?.isDirectory()) return { folder: resolve(name), name: resolve(name) }
  const hubName = parseHubName(name)
  const isExplicit = name.startsWith('hf://')
  const isInFolder =
    !isExplicit && !name.includes('@') && (await stat(dirname(name)).catch(() => undefined))?.isDirectory()
  if (info !== undefined || hubName === undefined || isInFolder) {
    const got = info === undefined ? 'none' : 'a file'
    const advice =
      hubName === undefined ? 'Check the path.' : `Check the path, or write hf://${name} for the repository on the hub.`
    throw new HeddleError('file', `${name}: expected the folder of a run or a checkpoint, got ${got}. ${advice}`)
  }
  const environment = await hubEnvironment()
  const { cache = environment.cache, isOffline = environment.isOffline, files, signal, onProgress, onWarning } = options
  const { endpoint = environment.endpoint, token = environment.token } = options
  const hub = hubOf({ ...options, endpoint, token })
  signal?.throwIfAborted()
  const commit = await downloadPretrained(hubName, { hub, cache, isOffline, files, signal, onProgress, onWarning })
  return { folder: new HubCache(cache, hubName.repo).snapshot(commit), name: `hf://${hubName.repo}@${commit}` }
}
