import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hubFolder } from './hub-folder.ts'
import { COMMIT, cutAfter, HubServer, sendPart } from './test-support/hub-server.ts'

const weights = Uint8Array.from({ length: 3000 }, (_, i) => i % 253)
let server: HubServer
beforeEach(async () => {
  server = await HubServer.start({ 'config.json': '{}', 'model.safetensors': weights })
})
afterEach(() => server.stop())
const wait = async () => {}

/** Keeps responses by address, as the Cache of a browser does. */
class AddressCache {
  readonly kept = new Map<string, Response>()
  async match(address: RequestInfo | URL) {
    return this.kept.get(String(address))?.clone()
  }
  async put(address: RequestInfo | URL, response: Response) {
    this.kept.set(String(address), response)
  }
}

describe('a repository as a folder', () => {
  it('downloads a file when it is read, into memory', async () => {
    const folder = hubFolder('acme/tiny', { endpoint: server.endpoint })
    expect(server.log).toEqual([])
    expect(await folder.read('model.safetensors')).toEqual(weights)
    expect(await folder.read('vocab.txt')).toBeUndefined()
  })

  it('stays at the commit of the first file, and resumes', async () => {
    const folder = hubFolder('acme/tiny', { endpoint: server.endpoint, wait })
    await folder.read('config.json')
    let cuts = 1
    server.disturb = (request, response, body) => {
      if (request.host !== 'store' || cuts-- <= 0) return false
      cutAfter(1000, request, response, body)
      return true
    }
    expect(await folder.read('model.safetensors')).toEqual(weights)
    expect(server.log.at(-1)).toBe('GET store model.safetensors bytes=1000-')
    server.commit = COMMIT.replaceAll('0', 'f')
    await expect(folder.read('tokenizer.json')).rejects.toThrow(`expected the revision '${COMMIT}', got none`)
  })

  it('refuses other bytes than those announced', async () => {
    server.disturb = (request, response, body) => {
      if (request.host !== 'store') return false
      sendPart(request, response, Buffer.alloc(body.byteLength))
      return true
    }
    const folder = hubFolder('acme/tiny', { endpoint: server.endpoint })
    await expect(folder.read('model.safetensors')).rejects.toThrow(/expected the checksum/)
  })

  it('keeps files in a cache by their commit', async () => {
    const cache = new AddressCache()
    const options = { endpoint: server.endpoint, cache }
    const first = hubFolder('acme/tiny', options)
    await first.read('config.json')
    await first.read('model.safetensors')
    server.requests.length = 0
    const second = hubFolder('acme/tiny', options)
    await second.read('config.json')
    expect(await second.read('model.safetensors')).toEqual(weights)
    expect(server.log).toEqual(['HEAD hub config.json', 'GET hub config.json'])
    expect(await hubFolder(`acme/tiny@${COMMIT}`, options).read('config.json')).toEqual(new TextEncoder().encode('{}'))
    expect(server.requests).toHaveLength(2)
  })

  it('refuses names and paths that are none', async () => {
    expect(() => hubFolder('./tiny')).toThrow(/expected org\/name or org\/name@revision, got '\.\/tiny'/)
    expect(() => hubFolder('a/b', { endpoint: 'mirror' })).toThrow(/expected an address such as https/)
    expect(() => hubFolder('a/b', { token: 'x\ny' })).toThrow(/HF_TOKEN: expected a token/)
    await expect(hubFolder('acme/tiny').read('../x')).rejects.toThrow(/expected a path inside the repository/)
  })
})
