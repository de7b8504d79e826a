import { floatTensor, intTensor, RandomStream, sourceOfTensors } from '@heddle/core'
import { useCpu } from '@heddle/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { Linear } from './linear.ts'
import { loadStateDict, loadWeights, type StateDict, stateDict } from './state-dict.ts'
import { namedParameters } from './tree.ts'

describe('state dicts', () => {
  beforeAll(useCpu)
  const make = (seed: number) => {
    const rng = new RandomStream(seed)
    return {
      first: new Linear({ inputSize: 2, outputSize: 3 }, rng),
      second: new Linear({ inputSize: 3, outputSize: 1 }, rng),
    }
  }
  const values = (root: object) => namedParameters(root).map(([, { value }]) => [...value.dataSync()])
  const changed = async (change: (state: StateDict) => void) => {
    const state = await stateDict(make(1))
    change(state)
    return state
  }

  it('hold every parameter by path, and set another model to the same numbers', async () => {
    const [from, to] = [make(1), make(2)]
    const state = await stateDict(from)
    expect([...state.keys()]).toEqual(['first.weight', 'first.bias', 'second.weight', 'second.bias'])
    expect(values(to)).not.toEqual(values(from))
    expect(loadStateDict(to, state)).toEqual({ missing: [], unexpected: [] })
    expect(values(to)).toEqual(values(from))
  })

  it('are read tensor by tensor, the same numbers', async () => {
    const [from, to] = [make(1), make(2)]
    const state = await stateDict(from)
    const asked: string[] = []
    const { tensors, read } = sourceOfTensors(state)
    const source = {
      tensors,
      read: (name: string) => {
        asked.push(name)
        return read(name)
      },
    }
    expect(await loadWeights(to, source)).toEqual({ missing: [], unexpected: [] })
    expect(asked).toEqual([...state.keys()])
    expect(values(to)).toEqual(values(from))
    state.delete('first.bias')
    await expect(loadWeights(to, sourceOfTensors(state))).rejects.toThrow(/^loadWeights: .*missing 'first\.bias'/)
    expect(values(to)).toEqual(values(from))
  })

  it('an error lists everything that does not fit, and nothing has changed', async () => {
    const to = make(2)
    const before = values(to)
    const state = await changed((state) => {
      state.set('second.weights', state.get('second.weight')!)
      state.delete('second.weight')
      state.set('first.bias', floatTensor([2], new Float32Array(2)))
      state.set('second.bias', intTensor([1], new Int32Array(1)))
    })
    expect(() => loadStateDict(to, state)).toThrow(
      /'first.bias': expected \[3\], got \[2\].*'second.bias': expected floats, got I32.*missing 'second.weight'.*unexpected 'second.weights' \(is it 'second.weight'\?\)/,
    )
    expect(values(to)).toEqual(before)
  })

  it('not strict: loads what there is and says what is missing and unexpected', async () => {
    const [from, to] = [make(1), make(2)]
    const state = await changed((state) => {
      state.delete('second.weight')
      state.set('other', floatTensor([1], new Float32Array(1)))
    })
    expect(loadStateDict(to, state, { strict: false })).toEqual({ missing: ['second.weight'], unexpected: ['other'] })
    expect(values(to)[0]).toEqual(values(from)[0])
    expect(values(to)[2]).toEqual(values(make(2))[2])
  })

  it('names can be changed on the way, left out, but not doubled', async () => {
    const to = make(2)
    const state = await changed((state) => {
      for (const [name, tensor] of [...state]) {
        state.delete(name)
        state.set(`model.${name}`, tensor)
      }
    })
    const rename = (name: string) => name.replace('model.', '')
    expect(loadStateDict(to, state, { rename }).missing).toEqual([])
    expect(values(to)).toEqual(values(make(1)))
    const some = (name: string) => (name.endsWith('bias') ? undefined : rename(name))
    expect(loadStateDict(to, state, { strict: false, rename: some }).missing).toEqual(['first.bias', 'second.bias'])
    expect(() => loadStateDict(to, state, { rename: () => 'first.weight' })).toThrow(
      /is a second tensor for 'first.weight'/,
    )
  })
})
