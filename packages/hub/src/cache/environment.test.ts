import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hubEnvironment } from './environment.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'heddle-hf-'))
  await writeFile(join(home, 'token'), 'hf_saved\n')
})
afterAll(() => rm(home, { recursive: true }))

describe('the variables of huggingface_hub', () => {
  it('name the hub, the token and the cache', async () => {
    expect(
      await hubEnvironment({ HF_HOME: home, HF_TOKEN: ' hf_own ', HF_ENDPOINT: 'https://mirror.example' }),
    ).toEqual({
      endpoint: 'https://mirror.example',
      token: 'hf_own',
      cache: join(home, 'hub'),
      isOffline: false,
    })
  })

  it('lead to the token that a login saved, unless that is forbidden', async () => {
    expect((await hubEnvironment({ HF_HOME: home })).token).toBe('hf_saved')
    expect((await hubEnvironment({ HF_TOKEN_PATH: join(home, 'token') })).token).toBe('hf_saved')
    expect((await hubEnvironment({ HF_HOME: home, HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' })).token).toBeUndefined()
    expect((await hubEnvironment({ HF_HOME: join(home, 'none') })).token).toBeUndefined()
  })

  it('give the folder of the cache, most exact first', async () => {
    const cache = async (variables: NodeJS.ProcessEnv) => (await hubEnvironment(variables)).cache
    expect(await cache({})).toBe(join(homedir(), '.cache/huggingface/hub'))
    expect(await cache({ XDG_CACHE_HOME: '/x' })).toBe('/x/huggingface/hub')
    expect(await cache({ XDG_CACHE_HOME: '/x', HF_HOME: '~/hf' })).toBe(join(homedir(), 'hf/hub'))
    expect(await cache({ HF_HOME: '/y', HF_HUB_CACHE: '/z' })).toBe('/z')
  })

  it('say whether only the cache may be used', async () => {
    const offline = async (variables: NodeJS.ProcessEnv) => (await hubEnvironment(variables)).isOffline
    expect(await offline({ HF_HUB_OFFLINE: '1' })).toBe(true)
    expect(await offline({ TRANSFORMERS_OFFLINE: 'yes' })).toBe(true)
    expect(await offline({ HF_HUB_OFFLINE: '0', TRANSFORMERS_OFFLINE: '1' })).toBe(false)
  })
})
