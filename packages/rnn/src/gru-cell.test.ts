import { cellContract } from '@heddle/testing'
import { GRUCell } from './gru-cell.ts'

cellContract('GRUCell', { make: (sizes, rng) => new GRUCell(sizes, rng) })
