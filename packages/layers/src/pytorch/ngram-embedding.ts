import { NGRAM_MULTIPLIER, type NGramEmbedding, numHashes } from '../ngram-embedding.ts'
import { type PyTorchModule, type PyTorchSource, pyTorchClass } from './pytorch-module.ts'

export const ngramEmbedding = (
  { table, longest, buckets }: NGramEmbedding,
  source: PyTorchSource,
): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'NGramEmbedding',
    summary: 'Sum of the vectors of the n-grams that end at each token, from a table that they share by a hash.',
    parts: { table },
    methods: `
    def forward(self, ids):
        # ids [B, T] -> [B, T, D]
        tokens = ids.to(torch.int32) + 1
        hashed, rows = tokens, []
        for _ in range(${longest - 1}):
            hashed = F.pad(hashed, (1, 0))[:, :-1] * ${NGRAM_MULTIPLIER} + tokens  # int32, wraps around
            rows.append(torch.remainder(hashed, ${numHashes(buckets)}))
        return self.table(torch.stack(rows, 2)).sum(2)
`.slice(1),
  })
