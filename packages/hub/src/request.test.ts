import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMIT } from './test-support/hub-server.ts'
import { useTinyHub } from './test-support/tiny-hub.ts'

const hub = useTinyHub()
const { message, open } = hub

describe('the token', () => {
  it('goes to the hub and to no other host', async () => {
    hub.server.token = 'hf_secret'
    await open()
    const tokens = (host: string) =>
      new Set(hub.server.requests.filter((each) => each.host === host).map(({ authorization }) => authorization))
    expect(tokens('hub')).toEqual(new Set(['Bearer hf_secret']))
    expect(tokens('store')).toEqual(new Set([undefined]))
  })

  it('does not come back after a redirect left the hub', async () => {
    hub.server.disturb = ({ host, method, path }, response) => {
      if (method !== 'GET' || path !== 'model.safetensors') return false
      const back = `${hub.server.endpoint}/acme/tiny/resolve/main/config.json`
      const away = `${hub.server.store}/acme/tiny/resolve/main/model.safetensors`
      response.writeHead(302, { Location: host === 'hub' ? away : back }).end()
      return true
    }
    await open().catch(() => {})
    const last = hub.server.requests.at(-1)!
    expect([last.host, last.path, last.authorization]).toEqual(['hub', 'config.json', undefined])
  })

  it('is asked for in messages about repositories that may not be read', async () => {
    hub.server.token = 'another'
    expect(await message(open())).toMatch(
      /^network: HUB\/acme\/tiny: expected a repository that may be read, got 401: .* the token of HF_TOKEN is valid/,
    )
    hub.server.disturb = (_, response) =>
      !!response.writeHead(403, { 'X-Error-Code': 'GatedRepo', 'X-Error-Message': 'Ask first' }).end()
    expect(await message(open())).toMatch(
      /^network: HUB\/acme\/tiny: expected access to 'config\.json', got 403 \(Ask first\)\. Accept the conditions/,
    )
    expect(hub.waits).toEqual([])
  })
})

describe('a hub that is busy', () => {
  it('is asked again after the time that it says, a bounded number of times', async () => {
    let busy = 2
    hub.server.disturb = (_, response) => busy-- > 0 && !!response.writeHead(429, { 'Retry-After': '7' }).end()
    await open()
    expect(hub.waits).toEqual([7000, 7000])
    busy = Number.POSITIVE_INFINITY
    hub.server.requests.length = 0
    expect(await message(open({ cache: join(hub.cache, 'other') }))).toMatch(
      /^network: .*got 429\. Try again in 7 seconds\.$/,
    )
    expect(hub.server.requests).toHaveLength(5)
  })

  it('is not waited for longer than the user would', async () => {
    hub.server.disturb = (_, response) => !!response.writeHead(429, { 'Retry-After': '3600' }).end()
    expect(await message(open())).toMatch(/Try again in 3600 seconds/)
    expect([hub.waits, hub.server.requests.length]).toEqual([[], 1])
  })

  it('gets longer breaks where it says nothing', async () => {
    hub.server.disturb = (_, response) => !!response.writeHead(503).end()
    expect(await message(open())).toMatch(/^network: .*got 503\. Try again later\.$/)
    expect(hub.waits).toEqual([500, 1000, 2000, 4000])
  })

  it('is not needed for what the cache has, which a warning tells', async () => {
    const first = await open()
    hub.server.disturb = (_, response) => !!response.writeHead(503).end()
    const warnings: string[] = []
    expect(await open({ onWarning: (text) => warnings.push(text) })).toEqual(first)
    expect(warnings).toEqual([expect.stringMatching(/got 503.*Used the copy of acme\/tiny@0123/)])
    expect(hub.waits).toEqual([])
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
    hub.server.disturb = (__, response) => !!response.writeHead(200, headers).end()
    expect(await message(open())).toMatch(expected)
  })

  it('does not send in circles', async () => {
    hub.server.disturb = (_, response) => !!response.writeHead(302, { Location: hub.server.endpoint }).end()
    expect(await message(open())).toMatch(/expected at most 10 redirects, got more/)
  })
})
