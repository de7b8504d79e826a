import { cellContract } from '@heddle/testing/cell'
import { RNNCell } from './rnn-cell.ts'

cellContract('RNNCell with tanh', { make: (sizes, rng) => new RNNCell(sizes, rng) })
cellContract('RNNCell with relu', {
  make: (sizes, rng) => new RNNCell({ ...sizes, activation: 'relu' }, rng),
  kinks: true,
})
