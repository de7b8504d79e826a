import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { COMMIT, HubServer } from '../../../../packages/hub/src/test-support/hub-server.ts'
import { heddle, set, startHeddle } from '../test-support/heddle.ts'

const CHAR_LM = [
  ...set({ 'data.count': 500, steps: 1, windowLength: 16, batchSize: 2, evaluateEvery: 1, sampleLength: 5 }),
  ...['--backend', 'cpu'],
]
const MODEL = set({ hiddenSize: 8, embeddingSize: 6, numLayers: 1 })

let folder: string
let server: HubServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heddle-from-hub-'))
  const { code, stderr } = await heddle(folder, 'train', 'char-lm', '--out', 'first', ...CHAR_LM, ...MODEL)
  expect(code, stderr).toBe(0)
  const files = ['config.json', 'tokenizer.json', 'model.safetensors']
  const contents = await Promise.all(files.map((file) => readFile(join(folder, 'first', file))))
  server = await HubServer.start(Object.fromEntries(files.map((file, i) => [file, contents[i]!])))
  server.token = 'hf_mine'
  vi.stubEnv('HF_ENDPOINT', server.endpoint)
  vi.stubEnv('HF_HOME', join(folder, 'hf'))
  vi.stubEnv('HF_TOKEN', 'hf_mine')
  vi.stubEnv('HF_HUB_OFFLINE', '0')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const start = (out: string) => startHeddle(folder, 'train', 'char-lm', '--from', 'acme/tiny', '--out', out, ...CHAR_LM)

describe('heddle train --from org/name', () => {
  it('stops at Ctrl-C without half a file, and resumes', async () => {
    const blobs = join(folder, 'hf/hub/models--acme--tiny/blobs')
    let sent: () => void
    const half = new Promise<void>((resolve) => {
      sent = resolve
    })
    server.disturb = ({ host, method }, response, body) => {
      if (host !== 'store' || method !== 'GET') return false
      response.writeHead(200, { 'Content-Length': body.byteLength }).write(body.subarray(0, 500), () => sent())
      return true
    }
    const { process, finished } = start('stopped')
    await half
    // The bytes are on their way: the command has them when its partial file is no longer empty.
    await vi.waitFor(async () => {
      const [partial] = (await readdir(blobs)).filter((name) => name.endsWith('.incomplete'))
      expect(await readFile(join(blobs, partial!))).toHaveLength(500)
    })
    process.kill('SIGINT')
    const { code, stdout } = await finished
    expect([code, stdout.trimEnd()]).toEqual([130, 'Stopped. The same command resumes the download.'])
    expect(await readdir(folder)).not.toContain('stopped')

    server.disturb = () => false
    const second = await start('second').finished
    expect(second.code, second.stderr).toBe(0)
    expect(server.log).toContain('GET store model.safetensors bytes=500-')
    expect(JSON.parse(await readFile(join(folder, 'second/config.json'), 'utf8'))).toMatchObject({
      from: { name: `hf://acme/tiny@${COMMIT}` },
      model: { hiddenSize: 8 },
    })
    expect((await readdir(blobs)).filter((name) => name.endsWith('.incomplete'))).toEqual([])
  })

  it('says what is wrong with a name', async () => {
    const run = (from: string) => heddle(folder, 'train', 'char-lm', '--from', from, ...CHAR_LM)
    const [missing, mistyped] = [await run('acme/none'), await run('hf/none')]
    expect([missing.code, missing.stderr]).toEqual([
      2,
      expect.stringMatching(/acme\/none: expected a repository that may be read, got 404/),
    ])
    expect([mistyped.code, mistyped.stderr]).toEqual([
      2,
      expect.stringMatching(/hf\/none: expected the folder of a run or a checkpoint, got none.* hf:\/\/hf\/none/),
    ])
  })
})
