import { HeddleError } from '@heddle/core'
import { downloadFile } from '../download.ts'
import { describeFile, type HubFile } from '../file-info.ts'
import { type Hub, hubOf } from '../hub.ts'
import { HubError } from '../hub-error.ts'
import { type HubName, isCommit } from '../hub-name.ts'
import { CONFIG, INDEX, SETTINGS, shardsOf, TOKENIZER, VOCABULARIES, WEIGHTS } from '../pretrained-files.ts'
import { HubCache } from './hub-cache.ts'

/** State of a download. */
export interface DownloadProgress {
  /** The file that is arriving. */
  readonly file: string
  /** Bytes of all files that are there, and that are wanted; undefined where the server does not say. */
  readonly received: number
  readonly total: number | undefined
}

export interface DownloadPretrainedOptions {
  readonly hub: Hub
  readonly cache: string
  readonly isOffline: boolean
  readonly files: readonly string[] | undefined
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined
  readonly onWarning: ((message: string) => void) | undefined
}

/** Brings the files of a model into the cache, as far as they are not there. Returns the commit that they are of. */
export async function downloadPretrained(name: HubName, options: DownloadPretrainedOptions): Promise<string> {
  const { repo, revision } = name
  const { onWarning, isOffline, files } = options
  const cache = new HubCache(options.cache, repo)
  const known = await cache.commitOf(revision)
  const cached = known !== undefined && (await isWhole(cache, known, repo, files)) ? known : undefined
  if (isOffline) {
    if (cached !== undefined) return cached
    throw new HeddleError(
      'file',
      `${repo}@${revision}: expected the model in ${options.cache} because HF_HUB_OFFLINE is set, got ${known === undefined ? 'none' : 'a part of it'}. Unset it, or name a model that was downloaded.`,
    )
  }
  // With a copy at hand there is no need for patience.
  const hub = cached === undefined ? options.hub : hubOf({ ...options.hub, attempts: 1 })
  try {
    const download = new PretrainedDownload(name, hub, cache, options)
    return await (files === undefined ? download.model() : download.files(files))
  } catch (error) {
    if (cached === undefined || !(error instanceof HubError) || !error.isTemporary) throw error
    onWarning?.(`${error.message} Used the copy of ${repo}@${cached} in the cache.`)
    return cached
  }
}

/** Whether the cache has all that a model cannot do without. */
async function isWhole(cache: HubCache, commit: string, repo: string, files?: readonly string[]): Promise<boolean> {
  const hasAll = async (paths: readonly string[]) =>
    (await Promise.all(paths.map((path) => cache.has(commit, path)))).every(Boolean)
  if (files !== undefined) return hasAll(files)
  if (!(await cache.has(commit, CONFIG))) return false
  if (await cache.has(commit, WEIGHTS)) return true
  return (await cache.has(commit, INDEX)) && hasAll(shardsOf(await cache.read(commit, INDEX), repo))
}

/** One download: the commit is that of the first file that is asked for, so that all files belong together. */
class PretrainedDownload {
  readonly #name: HubName
  readonly #hub: Hub
  readonly #cache: HubCache
  readonly #options: DownloadPretrainedOptions
  readonly #wanted: HubFile[] = []
  #commit: string | undefined

  constructor(name: HubName, hub: Hub, cache: HubCache, options: DownloadPretrainedOptions) {
    this.#name = name
    this.#hub = hub
    this.#cache = cache
    this.#options = options
    if (isCommit(name.revision)) this.#commit = name.revision
  }

  /** The configuration, the tokenizer and the weights of a model. */
  async model(): Promise<string> {
    if (!(await this.#want(CONFIG))) throw this.#lacking(CONFIG, 'Name a repository of a model.')
    const [hasWeights, hasTokenizer] = await this.#wantAll([WEIGHTS, TOKENIZER, ...SETTINGS])
    if (!hasTokenizer) await this.#wantAll(VOCABULARIES)
    if (!hasWeights) {
      if (!(await this.#want(INDEX))) {
        throw this.#lacking(
          WEIGHTS,
          'Weights in other formats are not read: open the model in Python and save it with save_pretrained.',
        )
      }
      // Alone and first, as it tells how much there is to download.
      const index = this.#wanted.findIndex(({ path }) => path === INDEX)
      if (index >= 0) await this.#fetch(this.#wanted.splice(index, 1))
      const shards = shardsOf(await this.#cache.read(this.#commit!, INDEX), this.#where)
      await this.#require(shards)
    }
    return this.#finish()
  }

  /** The files that are asked for. */
  async files(paths: readonly string[]): Promise<string> {
    const [first, ...others] = paths
    if (first !== undefined) await this.#require([first])
    await this.#require(others)
    return this.#finish()
  }

  async #finish(): Promise<string> {
    await this.#fetch(this.#wanted.splice(0), this.#options.onProgress)
    // Last, so that a branch never stands for a part of a model.
    await this.#cache.setCommit(this.#name.revision, this.#commit!)
    return this.#commit!
  }

  async #require(paths: readonly string[]): Promise<void> {
    const found = await this.#wantAll(paths)
    const missing = paths.filter((_, i) => !found[i])
    if (missing.length > 0) throw this.#lacking(missing.join(', '), 'Use another revision.')
  }

  #wantAll(paths: readonly string[]): Promise<boolean[]> {
    return Promise.all(paths.map((path) => this.#want(path)))
  }

  /** Looks for a file, in the cache first; returns whether there is one. */
  async #want(path: string): Promise<boolean> {
    const commit = this.#commit
    if (commit !== undefined) {
      if (await this.#cache.has(commit, path)) return true
      if (await this.#cache.lacks(commit, path)) return false
    }
    const name = { repo: this.#name.repo, revision: commit ?? this.#name.revision }
    const answer = await describeFile(this.#hub, name, path, this.#options.signal)
    this.#commit ??= answer.commit
    if (this.#commit === undefined || (answer.file !== undefined && answer.file.etag === undefined)) {
      throw new HubError(
        'network',
        `${this.#where}: expected the headers X-Repo-Commit and ETag for '${path}', got a response without them. Check that HF_ENDPOINT is a hub.`,
      )
    }
    if (answer.file === undefined) {
      await this.#cache.setLacking(this.#commit, path)
      return false
    }
    if (!(await this.#cache.has(this.#commit, path))) this.#wanted.push(answer.file)
    return true
  }

  /** Downloads one file after the other. */
  async #fetch(files: readonly HubFile[], onProgress?: DownloadPretrainedOptions['onProgress']): Promise<void> {
    const total = files.reduce<number | undefined>(
      (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
      0,
    )
    const name = { repo: this.#name.repo, revision: this.#commit! }
    const { signal } = this.#options
    let before = 0
    for (const file of files) {
      let size = file.size ?? 0
      await this.#cache.add(this.#commit!, file.path, file.etag!, (target) =>
        downloadFile(this.#hub, name, file, target, {
          signal,
          onBytes: (bytes) => {
            size = bytes
            onProgress?.({ file: file.path, received: before + bytes, total })
          },
        }),
      )
      before += size
    }
  }

  #lacking(path: string, advice: string): HeddleError {
    return new HeddleError('file', `${this.#where}: expected ${path} at '${this.#name.revision}', got none. ${advice}`)
  }

  get #where(): string {
    return `${this.#hub.endpoint}/${this.#name.repo}`
  }
}
