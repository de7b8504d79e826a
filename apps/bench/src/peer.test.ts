import { expect, test } from 'vitest'
import { Peer } from './peer.ts'

/** A process that names itself and answers with the square of each request's number, or an error. */
const squares = `
  console.log(JSON.stringify({ peer: 'squares' }))
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { n } = JSON.parse(line)
    if (n === 0) process.exit()
    console.log(JSON.stringify(n < 0 ? { error: 'no negative numbers' } : { square: n * n }))
  })`

test('a peer answers requests in turn, and says why it cannot', async () => {
  const peer = await Peer.start(process.execPath, ['-e', squares], 'nothing')
  expect(peer.name).toBe('squares')
  expect(await peer.ask({ n: 3 })).toEqual({ square: 9 })
  await expect(peer.ask({ n: -1 })).rejects.toThrow(
    'bench: expected squares to answer {"n":-1}, got \'no negative numbers\'.',
  )
  expect(await peer.ask({ n: 4 })).toEqual({ square: 16 })
  await expect(peer.ask({ n: 0 })).rejects.toThrow('got its end')
  peer.stop()
})

test('a peer that does not start is named', async () => {
  await expect(Peer.start('/nowhere/python', [], 'torch')).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining("expected to start '/nowhere/python'"),
  })
  await expect(Peer.start(process.execPath, ['-e', ''], 'torch')).rejects.toThrow('Install torch for it.')
})
