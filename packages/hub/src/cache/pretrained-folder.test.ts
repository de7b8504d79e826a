import { mkdtemp, readdir, readFile, readlink, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { COMMIT, cutAfter, gitSha1, HubServer, sendPart, sha256 } from '../test-support/hub-server.ts'
import { type PretrainedFolderOptions, pretrainedFolder } from './pretrained-folder.ts'

const config = '{"model_type":"bert"}'
const weights = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251)
const blob = sha256(weights)

let server: HubServer
let cache: string
let waits: number[]

beforeEach(async () => {
  server = await HubServer.start({ 'config.json': config, 'tokenizer.json': '{}', 'model.safetensors': weights })
  cache = await mkdtemp(join(tmpdir(), 'heddle-hub-'))
  waits = []
})
afterEach(async () => {
  await server.stop()
  await rm(cache, { recursive: true })
})

const open = (options: PretrainedFolderOptions = {}, name = 'acme/tiny') =>
  pretrainedFolder(name, {
    endpoint: server.endpoint,
    cache,
    token: 'hf_secret',
    isOffline: false,
    wait: async (milliseconds) => void waits.push(milliseconds),
    ...options,
  })
const repoFolder = () => join(cache, 'models--acme--tiny')
const blobs = async () => (await readdir(join(repoFolder(), 'blobs')).catch(() => [])).sort()
const message = async (promise: Promise<unknown>) => {
  const { endpoint } = server
  const error = await promise.then(
    () => undefined,
    (reason: Error & { code?: string }) => reason,
  )
  return `${error?.code}: ${error?.message.replaceAll(endpoint, 'HUB')}`
}

describe('a model from the hub', () => {
  it('lies in the cache as huggingface_hub keeps it', async () => {
    const { folder, name } = await open()
    expect(name).toBe(`hf://acme/tiny@${COMMIT}`)
    expect(folder).toBe(join(repoFolder(), 'snapshots', COMMIT))
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json'])
    expect(await blobs()).toEqual([blob, gitSha1(Buffer.from(config)), gitSha1(Buffer.from('{}'))].sort())
    expect(await readlink(join(folder, 'model.safetensors'))).toBe(join('..', '..', 'blobs', blob))
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(weights)
    expect(await readFile(join(repoFolder(), 'refs', 'main'), 'utf8')).toBe(COMMIT)
    expect(await readdir(join(repoFolder(), '.no_exist', COMMIT))).toContain('tokenizer_config.json')
  })

  it('is asked for once; a commit needs no hub at all', async () => {
    await open()
    server.requests.length = 0
    await open()
    expect(server.log).toEqual(['HEAD hub config.json'])
    await open({}, `acme/tiny@${COMMIT}`)
    expect(server.log).toHaveLength(1)
  })

  it('is downloaded again for a new commit, without the files that are the same', async () => {
    await open()
    server.commit = COMMIT.replaceAll('0', 'f')
    server.set('config.json', '{"model_type":"gpt2"}')
    server.requests.length = 0
    const { folder } = await open()
    expect(server.log.filter((line) => line.startsWith('GET'))).toEqual(['GET hub config.json'])
    expect(await readFile(join(folder, 'config.json'), 'utf8')).toContain('gpt2')
    expect(await readFile(join(repoFolder(), 'refs', 'main'), 'utf8')).toBe(server.commit)
  })

  it('has the vocabulary files where there is no tokenizer.json, and the shards of an index', async () => {
    await server.stop()
    const index = JSON.stringify({
      weight_map: { a: 'part-1.safetensors', b: 'part-2.safetensors', c: 'part-1.safetensors' },
    })
    server = await HubServer.start({
      'config.json': config,
      'vocab.txt': '[PAD]',
      'model.safetensors.index.json': index,
      'part-1.safetensors': 'one',
      'part-2.safetensors': 'two',
      'part-3.safetensors': 'not listed',
      'pytorch_model.bin': 'not needed',
    })
    const { folder } = await open()
    expect((await readdir(folder)).sort()).toEqual([
      'config.json',
      'model.safetensors.index.json',
      'part-1.safetensors',
      'part-2.safetensors',
      'vocab.txt',
    ])
  })

  it('refuses an index that leads out of the folder', async () => {
    await server.stop()
    server = await HubServer.start({
      'config.json': config,
      'model.safetensors.index.json': JSON.stringify({ weight_map: { a: '../../../stolen' } }),
    })
    expect(await message(open())).toMatch(
      /^format: HUB\/acme\/tiny\/model\.safetensors\.index\.json: expected a weight_map/,
    )
  })

  it('can be other files than those of a model', async () => {
    server.set('adapter_config.json', '{}')
    const { folder } = await open({ files: ['adapter_config.json'] })
    expect(await readdir(folder)).toEqual(['adapter_config.json'])
    expect(await message(open({ files: ['adapter_config.json', 'other.txt'] }))).toMatch(
      /expected other\.txt at 'main', got none/,
    )
  })

  it('reports how many bytes of all are there', async () => {
    const seen: [string, number, number | undefined][] = []
    await open({ onProgress: ({ file, received, total }) => seen.push([file, received, total]) })
    const total = 5000 + config.length + 2
    expect(seen.at(-1)).toEqual([expect.any(String), total, total])
    expect(seen.map(([, received]) => received)).toEqual(seen.map(([, received]) => received).sort((a, b) => a - b))
  })

  it('may be a folder on disk, which comes first', async () => {
    expect(await open({}, cache)).toEqual({ folder: cache, name: cache })
    expect(server.log).toEqual([])
    expect(await message(open({}, join(cache, 'none')))).toMatch(
      /^file: .*expected the folder of a run or a checkpoint, got none/,
    )
  })
})

describe('the token', () => {
  it('goes to the hub and to no other host', async () => {
    server.token = 'hf_secret'
    await open()
    const tokens = (host: string) =>
      new Set(server.requests.filter((each) => each.host === host).map(({ authorization }) => authorization))
    expect(tokens('hub')).toEqual(new Set(['Bearer hf_secret']))
    expect(tokens('store')).toEqual(new Set([undefined]))
  })

  it('does not come back after a redirect left the hub', async () => {
    server.disturb = ({ host, method, path }, response) => {
      if (method !== 'GET' || path !== 'model.safetensors') return false
      const back = `${server.endpoint}/acme/tiny/resolve/main/config.json`
      const away = `${server.store}/acme/tiny/resolve/main/model.safetensors`
      response.writeHead(302, { Location: host === 'hub' ? away : back }).end()
      return true
    }
    await open().catch(() => {})
    const last = server.requests.at(-1)!
    expect([last.host, last.path, last.authorization]).toEqual(['hub', 'config.json', undefined])
  })

  it('is asked for in messages about repositories that may not be read', async () => {
    server.token = 'another'
    expect(await message(open())).toMatch(
      /^network: HUB\/acme\/tiny: expected a repository that may be read, got 401: .* the token of HF_TOKEN is valid/,
    )
    server.disturb = (_, response) =>
      !!response.writeHead(403, { 'X-Error-Code': 'GatedRepo', 'X-Error-Message': 'Ask first' }).end()
    expect(await message(open())).toMatch(
      /^network: HUB\/acme\/tiny: expected access to 'config\.json', got 403 \(Ask first\)\. Accept the conditions/,
    )
    expect(waits).toEqual([])
  })
})

describe('a name that the hub does not have', () => {
  it.each([
    ['acme/none', /^file: HUB\/acme\/none: expected a repository that may be read, got 404/],
    ['acme/tiny@v9', /^file: HUB\/acme\/tiny: expected the revision 'v9', got none/],
  ])('%s is an error that says so', async (name, expected) => {
    expect(await message(open({}, name))).toMatch(expected)
    expect(server.requests).toHaveLength(1)
  })

  it('says what a repository without a model lacks', async () => {
    await server.stop()
    server = await HubServer.start({ 'config.json': config, 'pytorch_model.bin': 'pickle' })
    expect(await message(open())).toMatch(
      /^file: .*expected model\.safetensors at 'main', got none\. Weights in other formats/,
    )
    await server.stop()
    server = await HubServer.start({})
    expect(await message(open())).toMatch(/^file: .*expected config\.json at 'main', got none/)
  })
})

describe('a hub that is busy', () => {
  it('is asked again after the time that it says, a bounded number of times', async () => {
    let busy = 2
    server.disturb = (_, response) => busy-- > 0 && !!response.writeHead(429, { 'Retry-After': '7' }).end()
    await open()
    expect(waits).toEqual([7000, 7000])
    busy = Number.POSITIVE_INFINITY
    server.requests.length = 0
    expect(await message(open({ cache: join(cache, 'other') }))).toMatch(
      /^network: .*got 429\. Try again in 7 seconds\.$/,
    )
    expect(server.requests).toHaveLength(5)
  })

  it('is not waited for longer than the user would', async () => {
    server.disturb = (_, response) => !!response.writeHead(429, { 'Retry-After': '3600' }).end()
    expect(await message(open())).toMatch(/Try again in 3600 seconds/)
    expect([waits, server.requests.length]).toEqual([[], 1])
  })

  it('gets longer breaks where it says nothing', async () => {
    server.disturb = (_, response) => !!response.writeHead(503).end()
    expect(await message(open())).toMatch(/^network: .*got 503\. Try again later\.$/)
    expect(waits).toEqual([500, 1000, 2000, 4000])
  })

  it('is not needed for what the cache has, which a warning tells', async () => {
    const first = await open()
    server.disturb = (_, response) => !!response.writeHead(503).end()
    const warnings: string[] = []
    expect(await open({ onWarning: (text) => warnings.push(text) })).toEqual(first)
    expect(warnings).toEqual([expect.stringMatching(/got 503.*Used the copy of acme\/tiny@0123/)])
    expect(waits).toEqual([])
  })
})

describe('without the hub', () => {
  it('the cache serves, and says what it lacks', async () => {
    expect(await message(open({ isOffline: true }))).toMatch(/^file: .*because HF_HUB_OFFLINE is set, got none/)
    const first = await open()
    server.requests.length = 0
    expect(await open({ isOffline: true })).toEqual(first)
    await rm(join(first.folder, 'model.safetensors'))
    expect(await message(open({ isOffline: true }))).toMatch(/got a part of it/)
    expect(server.requests).toEqual([])
  })

  it('a failed connection is an error that says how to go on', async () => {
    const { endpoint } = server
    await server.stop()
    expect(await message(open({ endpoint }))).toMatch(
      /^network: .*got a failed connection \(ECONNREFUSED\)\. Check the connection/,
    )
    server = await HubServer.start({})
  })
})

/** Disturbs the download of the weights from the store. */
function disturbWeights(disturb: (attempt: number, ...rest: Parameters<HubServer['disturb']>) => boolean): void {
  let attempt = 0
  server.disturb = (request, response, body) =>
    request.host === 'store' && request.method === 'GET' && disturb(++attempt, request, response, body)
}
const ranges = () => server.requests.filter(({ host }) => host === 'store').map(({ range }) => range)

describe('an interrupted download', () => {
  it('goes on where it was cut', async () => {
    disturbWeights((attempt, request, response, body) => {
      if (attempt > 3) return false
      cutAfter(1000, request, response, body)
      return true
    })
    const { folder } = await open()
    expect(ranges()).toEqual([undefined, 'bytes=1000-', 'bytes=2000-', 'bytes=3000-'])
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(weights)
  })

  it('keeps what it has when it gives up, and a later one goes on', async () => {
    disturbWeights((_, request, response, body) => {
      if (request.range === undefined) cutAfter(1500, request, response, body)
      else response.destroy()
      return true
    })
    expect(await message(open())).toMatch(/^network: .*failed connection/)
    expect(ranges()).toHaveLength(5)
    expect(await blobs()).toContain(`${blob}.incomplete`)
    await expect(readdir(join(repoFolder(), 'refs'))).rejects.toThrow('ENOENT')
    server.disturb = () => false
    server.requests.length = 0
    await open()
    expect(ranges()).toEqual(['bytes=1500-'])
    expect((await blobs()).filter((name) => name.includes('incomplete'))).toEqual([])
  })

  it('goes on with what a killed process left', async () => {
    const { folder } = await open()
    await rm(folder, { recursive: true })
    await rm(join(repoFolder(), 'blobs', blob))
    // No process has this number: it is above the largest that systems give.
    const left = join(repoFolder(), 'blobs', `${blob}.4194999-0123abcd.incomplete`)
    await writeFile(left, weights.subarray(0, 700))
    await utimes(left, 0, 0)
    server.requests.length = 0
    await open()
    expect(ranges()).toEqual(['bytes=700-'])
    expect((await blobs()).filter((name) => name.includes('incomplete'))).toEqual([])
  })

  it('begins again where the server sends the whole file, or has no such part', async () => {
    disturbWeights((attempt, request, response, body) => {
      if (attempt === 1) cutAfter(1000, request, response, body)
      else if (attempt === 2) response.writeHead(416).end()
      else if (attempt === 3) cutAfter(2000, request, response, body)
      else sendPart({ ...request, range: undefined }, response, body)
      return true
    })
    const { folder } = await open()
    expect(ranges()).toEqual([undefined, 'bytes=1000-', undefined, 'bytes=2000-'])
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(weights)
  })

  it('ends when a connection is silent for too long', async () => {
    disturbWeights((_, __, response) => {
      response.writeHead(200, { 'Content-Length': 5000 }).write('x')
      return true
    })
    expect(await message(open({ timeout: 30, attempts: 1 }))).toMatch(/expected an answer, got none for 0\.03 seconds/)
  })

  it('ends by its signal, and leaves no half file under a name that counts', async () => {
    const controller = new AbortController()
    disturbWeights((_, __, response, body) => {
      response.writeHead(200, { 'Content-Length': 5000 }).write(body.subarray(0, 1200))
      return true
    })
    const onProgress = ({ received }: { received: number }) => received > 1000 && controller.abort()
    await expect(open({ signal: controller.signal, onProgress })).rejects.toThrow(/aborted/)
    expect(await blobs()).not.toContain(blob)
    expect(await readdir(join(repoFolder(), 'snapshots', COMMIT))).not.toContain('model.safetensors')
    server.disturb = () => false
    server.requests.length = 0
    const { folder } = await open()
    expect(ranges()).toEqual(['bytes=1200-'])
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(weights)
  })

  it('does not disturb another of the same file', async () => {
    const both = await Promise.all([open(), open()])
    expect(both[0]).toEqual(both[1])
    expect(new Uint8Array(await readFile(join(both[0].folder, 'model.safetensors')))).toEqual(weights)
    expect(await blobs()).toHaveLength(3)
  })
})

describe('a file that is not the one announced', () => {
  it.each([
    ['too short', weights.subarray(1), /expected 5000 bytes, got 4999/],
    ['too long', new Uint8Array(5001), /expected 5000 bytes, got 5001/],
    ['another', new Uint8Array(5000), /expected the checksum [0-9a-f]{64}, got [0-9a-f]{64}\. Nothing was kept/],
  ])('is refused: %s', async (_, sent, expected) => {
    disturbWeights((__, request, response) => {
      sendPart(request, response, Buffer.from(sent))
      return true
    })
    expect(await message(open())).toMatch(expected)
    expect(await blobs()).not.toContain(blob)
    expect(ranges()).toEqual([undefined])
    expect(await readFile(join(repoFolder(), 'blobs', `${blob}.incomplete`))).toHaveLength(0)
  })

  it('is refused when it is longer than it says', async () => {
    disturbWeights((__, ___, response) => {
      response.writeHead(200)
      response.end(new Uint8Array(9000))
      return true
    })
    expect(await message(open())).toMatch(/expected 5000 bytes, got at least/)
  })

  it('is refused by the checksum of git too', async () => {
    server.disturb = ({ method, path }, response) =>
      method === 'GET' && path === 'config.json' && !!response.end(config.replace('bert', 'gpt2'))
    expect(await message(open())).toMatch(/expected the checksum [0-9a-f]{40}, got/)
  })

  it('is downloaded anew when the bytes of before were at fault', async () => {
    await open()
    await rm(join(repoFolder(), 'snapshots'), { recursive: true })
    await rm(join(repoFolder(), 'blobs', blob))
    await writeFile(join(repoFolder(), 'blobs', `${blob}.incomplete`), new Uint8Array(3000))
    server.requests.length = 0
    const { folder } = await open()
    expect(ranges()).toEqual(['bytes=3000-', undefined])
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(weights)
  })
})

describe('a server that is no hub', () => {
  it.each([
    ['no commit', {}, /expected the headers X-Repo-Commit and ETag/],
    [
      'a commit that is none',
      { 'X-Repo-Commit': '../..' },
      /expected a commit hash as X-Repo-Commit, got '\.\.\/\.\.'/,
    ],
    ['a tag that is a path', { 'X-Repo-Commit': COMMIT, ETag: '"../../x"' }, /expected a checksum as ETag/],
  ])('is refused: %s', async (_, headers, expected) => {
    server.disturb = (__, response) => !!response.writeHead(200, headers).end()
    expect(await message(open())).toMatch(expected)
  })

  it('does not send in circles', async () => {
    server.disturb = (_, response) => !!response.writeHead(302, { Location: server.endpoint }).end()
    expect(await message(open())).toMatch(/expected at most 10 redirects, got more/)
  })
})
