import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMIT, cutAfter, sendPart } from '../test-support/hub-server.ts'
import { blob, config, useTinyHub, weights } from '../test-support/tiny-hub.ts'

const hub = useTinyHub()
const { blobs, disturbWeights, message, open, ranges, repoFolder } = hub

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
    hub.server.disturb = () => false
    hub.server.requests.length = 0
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
    hub.server.requests.length = 0
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
    hub.server.disturb = () => false
    hub.server.requests.length = 0
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
    hub.server.disturb = ({ method, path }, response) =>
      method === 'GET' && path === 'config.json' && !!response.end(config.replace('bert', 'gpt2'))
    expect(await message(open())).toMatch(/expected the checksum [0-9a-f]{40}, got/)
  })

  it('is downloaded anew when the bytes of before were at fault', async () => {
    await open()
    await rm(join(repoFolder(), 'snapshots'), { recursive: true })
    await rm(join(repoFolder(), 'blobs', blob))
    await writeFile(join(repoFolder(), 'blobs', `${blob}.incomplete`), new Uint8Array(3000))
    hub.server.requests.length = 0
    const { folder } = await open()
    expect(ranges()).toEqual(['bytes=3000-', undefined])
    expect(new Uint8Array(await readFile(join(folder, 'model.safetensors')))).toEqual(weights)
  })
})
