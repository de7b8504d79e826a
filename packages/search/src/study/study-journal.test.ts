import { MemoryStore } from '@heddle/trainer'
import { expect, it } from 'vitest'
import { parseSpace } from '../space/space.ts'
import { StudyJournal } from './study-journal.ts'

const space = parseSpace('test', {
  rate: { type: 'log-uniform', low: 1e-4, high: 1 },
  optimizer: { type: 'choice', values: ['adamw', { type: 'sgd', momentum: 0.9 }, null] },
})
const open = (store: MemoryStore) =>
  StudyJournal.open({ store, name: 'study', space, direction: 'maximize', metric: 'accuracy' })
const textOf = async (store: MemoryStore) => new TextDecoder().decode(await store.read('journal.jsonl'))

it('a journal that is read again has the same trials', async () => {
  const store = new MemoryStore()
  const journal = await open(store)
  await journal.begin({ rate: 0.1, optimizer: { type: 'sgd', momentum: 0.9 } })
  await journal.begin({ rate: 0.01, optimizer: null })
  await journal.report(0, { step: 10, value: 0.5 })
  await journal.report(0, { step: 10, value: 0.5 })
  await journal.report(1, { step: 10, value: Number.NaN })
  const reports = [
    { step: 10, value: 0.5 },
    { step: 20, value: Number.POSITIVE_INFINITY },
  ]
  await journal.end(0, {
    state: 'complete',
    value: Number.POSITIVE_INFINITY,
    reports,
    metrics: { accuracy: 0.5 },
    seconds: 3,
  })
  await journal.end(1, { state: 'failed', error: 'no "good": [NaN]', reports: [{ step: 10, value: Number.NaN }] })
  await journal.begin({ rate: 0.02, optimizer: 'adamw' })
  const again = await open(store)
  expect(again.trials).toEqual(journal.trials)
  expect(again.trials[0]).toMatchObject({ state: 'complete', reports, metrics: { accuracy: 0.5 }, seconds: 3 })
  expect(again.trials[1]!.error).toBe('no "good": [NaN]')
  expect(again.trials[2]).toMatchObject({ state: 'running', parameters: { optimizer: 'adamw' } })
})

it('a line that was cut off is left out, wherever it ends', async () => {
  const store = new MemoryStore()
  const journal = await open(store)
  await journal.begin({ rate: 0.1, optimizer: null })
  const begun = (await textOf(store)).length
  await journal.end(0, { state: 'complete', value: 1, reports: [{ step: 10, value: 1 }], seconds: 1 })
  const text = await textOf(store)
  for (let length = 0; length < text.length; length++) {
    const cut = new MemoryStore()
    await cut.write('journal.jsonl', new TextEncoder().encode(text.slice(0, length)))
    const { trials } = await open(cut)
    expect(trials).toHaveLength(length < begun ? 0 : 1)
    if (length >= begun) expect(trials[0]!.state).toBe('running')
    expect(await textOf(cut)).toMatch(/^\{"op_code":0,[\s\S]*\n$/)
  }
})

it('trials of another program are refused, its notes are not', async () => {
  const store = new MemoryStore()
  await open(store)
  await store.append('journal.jsonl', '{"op_code":2,"worker_id":"x-1","study_id":0,"user_attr":{"note":"good"}}\n')
  expect((await open(store)).trials).toEqual([])
  await store.append('journal.jsonl', '{"op_code":4,"worker_id":"x-1","study_id":0,"datetime_start":null}\n')
  await expect(open(store)).rejects.toThrow(/one that another program has added in line 4/)
})
