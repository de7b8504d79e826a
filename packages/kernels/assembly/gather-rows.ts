// out[i] = table[ids[i]]: an embedding look-up. Its gradient is segment-sum.ts.

import { JOB_GATHER_ROWS } from './op-job-ids'
import { parallelFor, threadCount } from './threads'

// Filled by src/ops/embedding.ts, which has checked the ids.
@unmanaged
class GatherArguments {
  count: i32
  size: i32
  table: usize
  ids: usize
  out: usize
}

export function gatherRows(address: usize): void {
  const p = changetype<GatherArguments>(address)
  const parallel = <i64>p.count * p.size > 65536
  parallelFor(JOB_GATHER_ROWS, address, p.count, parallel ? (p.count + threadCount - 1) / threadCount : p.count)
}

export function gatherSomeRows(address: usize, begin: i32, end: i32): void {
  const p = changetype<GatherArguments>(address)
  const bytes = <usize>p.size << 2
  let out = p.out + <usize>begin * bytes
  for (let i = begin; i < end; i++) {
    memory.copy(out, p.table + <usize>i32.load(p.ids + (<usize>i << 2)) * bytes, bytes)
    out += bytes
  }
}
