import { cellContract } from '@heddle/testing/cell'
import { GRUCell } from './gru-cell.ts'

cellContract('GRUCell', { make: (sizes, rng) => new GRUCell(sizes, rng) })
