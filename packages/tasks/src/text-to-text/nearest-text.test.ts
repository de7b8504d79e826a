import { expect, it } from 'vitest'
import { nearestTargets } from './nearest-text.ts'

const train = [
  { source: 'Where is the old bakery?', target: 'bakery' },
  { source: 'Where is the old library?', target: 'library' },
  { source: 'What is the time?', target: 'time' },
]

it('gives the target of the source with the rarest words in common', async () => {
  expect(await nearestTargets(train, ['the library, where?', 'time', 'BAKERY is'])).toEqual([
    'library',
    'time',
    'bakery',
  ])
})

it('finds other forms of a word', async () => {
  expect(await nearestTargets(train, ['bakeries', 'librarian'])).toEqual(['bakery', 'library'])
})

it('gives some target where nothing is known', async () => {
  expect(await nearestTargets(train, ['zzz'])).toHaveLength(1)
})
