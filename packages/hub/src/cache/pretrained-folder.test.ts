import { readdir, readFile, readlink, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMIT, gitSha1 } from '../test-support/hub-server.ts'
import { blob, config, useTinyHub, weights } from '../test-support/tiny-hub.ts'

const hub = useTinyHub()
const { blobs, message, open, repoFolder } = hub

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
    hub.server.requests.length = 0
    await open()
    expect(hub.server.log).toEqual(['HEAD hub config.json'])
    await open({}, `acme/tiny@${COMMIT}`)
    expect(hub.server.log).toHaveLength(1)
  })

  it('is downloaded again for a new commit, without the files that are the same', async () => {
    await open()
    hub.server.commit = COMMIT.replaceAll('0', 'f')
    hub.server.set('config.json', '{"model_type":"gpt2"}')
    hub.server.requests.length = 0
    const { folder } = await open()
    expect(hub.server.log.filter((line) => line.startsWith('GET'))).toEqual(['GET hub config.json'])
    expect(await readFile(join(folder, 'config.json'), 'utf8')).toContain('gpt2')
    expect(await readFile(join(repoFolder(), 'refs', 'main'), 'utf8')).toBe(hub.server.commit)
  })

  it('has the vocabulary files where there is no tokenizer.json, and the shards of an index', async () => {
    await hub.server.stop()
    const index = JSON.stringify({
      weight_map: { a: 'part-1.safetensors', b: 'part-2.safetensors', c: 'part-1.safetensors' },
    })
    await hub.start({
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
    await hub.server.stop()
    await hub.start({
      'config.json': config,
      'model.safetensors.index.json': JSON.stringify({ weight_map: { a: '../../../stolen' } }),
    })
    expect(await message(open())).toMatch(
      /^format: HUB\/acme\/tiny\/model\.safetensors\.index\.json: expected a weight_map/,
    )
  })

  it('can be other files than those of a model', async () => {
    hub.server.set('adapter_config.json', '{}')
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
    expect(await open({}, hub.cache)).toEqual({ folder: hub.cache, name: hub.cache })
    expect(hub.server.log).toEqual([])
    expect(await message(open({}, join(hub.cache, 'none')))).toMatch(
      /^file: .*expected the folder of a run or a checkpoint, got none/,
    )
  })
})

describe('a name that the hub does not have', () => {
  it.each([
    ['acme/none', /^file: HUB\/acme\/none: expected a repository that may be read, got 404/],
    ['acme/tiny@v9', /^file: HUB\/acme\/tiny: expected the revision 'v9', got none/],
  ])('%s is an error that says so', async (name, expected) => {
    expect(await message(open({}, name))).toMatch(expected)
    expect(hub.server.requests).toHaveLength(1)
  })

  it('says what a repository without a model lacks', async () => {
    await hub.server.stop()
    await hub.start({ 'config.json': config, 'pytorch_model.bin': 'pickle' })
    expect(await message(open())).toMatch(
      /^file: .*expected model\.safetensors at 'main', got none\. Weights in other formats/,
    )
    await hub.server.stop()
    await hub.start({})
    expect(await message(open())).toMatch(/^file: .*expected config\.json at 'main', got none/)
  })
})

describe('without the hub', () => {
  it('the cache serves, and says what it lacks', async () => {
    expect(await message(open({ isOffline: true }))).toMatch(/^file: .*because HF_HUB_OFFLINE is set, got none/)
    const first = await open()
    hub.server.requests.length = 0
    expect(await open({ isOffline: true })).toEqual(first)
    await rm(join(first.folder, 'model.safetensors'))
    expect(await message(open({ isOffline: true }))).toMatch(/got a part of it/)
    expect(hub.server.requests).toEqual([])
  })

  it('a failed connection is an error that says how to go on', async () => {
    const { endpoint } = hub.server
    await hub.server.stop()
    expect(await message(open({ endpoint }))).toMatch(
      /^network: .*got a failed connection \(ECONNREFUSED\)\. Check the connection/,
    )
    await hub.start({})
  })
})
