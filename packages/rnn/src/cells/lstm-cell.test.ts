import { cellContract } from '@heddle/testing/cell'
import { LSTMCell } from './lstm-cell.ts'

cellContract('LSTMCell', { make: (sizes, rng) => new LSTMCell(sizes, rng) })
