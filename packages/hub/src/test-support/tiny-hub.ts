import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { type PretrainedFolderOptions, pretrainedFolder } from '../cache/pretrained-folder.ts'
import { HubServer, sha256 } from './hub-server.ts'

export const config = '{"model_type":"bert"}'
export const weights = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251)
/** Name of the weights in the cache. */
export const blob = sha256(weights)

/** A hub with a tiny model, and an empty cache. */
export class TinyHub {
  server!: HubServer
  cache = ''
  /** Milliseconds of each break between attempts. */
  waits: number[] = []

  async start(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    this.server = await HubServer.start(files)
  }

  readonly open = (options: PretrainedFolderOptions = {}, name = 'acme/tiny') =>
    pretrainedFolder(name, {
      endpoint: this.server.endpoint,
      cache: this.cache,
      token: 'hf_secret',
      isOffline: false,
      wait: async (milliseconds) => void this.waits.push(milliseconds),
      ...options,
    })

  readonly repoFolder = () => join(this.cache, 'models--acme--tiny')

  readonly blobs = async () => (await readdir(join(this.repoFolder(), 'blobs')).catch(() => [])).sort()

  /** Code and message of an error, with HUB in place of the hub's address. */
  readonly message = async (promise: Promise<unknown>) => {
    const { endpoint } = this.server
    const error = await promise.then(
      () => undefined,
      (reason: Error & { code?: string }) => reason,
    )
    return `${error?.code}: ${error?.message.replaceAll(endpoint, 'HUB')}`
  }

  /** Disturbs the download of the weights from the store. */
  readonly disturbWeights = (disturb: (attempt: number, ...rest: Parameters<HubServer['disturb']>) => boolean) => {
    let attempt = 0
    this.server.disturb = (request, response, body) =>
      request.host === 'store' && request.method === 'GET' && disturb(++attempt, request, response, body)
  }

  /** The ranges that the store was asked for. */
  readonly ranges = () => this.server.requests.filter(({ host }) => host === 'store').map(({ range }) => range)
}

/** Starts a hub with an empty cache for each test of a file. */
export function useTinyHub(): TinyHub {
  const hub = new TinyHub()
  beforeEach(async () => {
    await hub.start({ 'config.json': config, 'tokenizer.json': '{}', 'model.safetensors': weights })
    hub.cache = await mkdtemp(join(tmpdir(), 'heddle-hub-'))
    hub.waits = []
  })
  afterEach(async () => {
    await hub.server.stop()
    await rm(hub.cache, { recursive: true })
  })
  return hub
}
