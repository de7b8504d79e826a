import type { ConditionalRandomField } from '../crf/conditional-random-field.ts'
import { type PyTorchModule, type PyTorchSource, pyTorchClass } from './pytorch-module.ts'

export const conditionalRandomField = (
  { start: { size } }: ConditionalRandomField,
  source: PyTorchSource,
): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'ConditionalRandomField',
    summary: 'Linear chain: scores of each label after each other, at the start and at the end.',
    fields: {
      transitions: `nn.Parameter(torch.empty(${size}, ${size}).uniform_(-0.1, 0.1))`,
      start: `nn.Parameter(torch.empty(${size}).uniform_(-0.1, 0.1))`,
      end: `nn.Parameter(torch.empty(${size}).uniform_(-0.1, 0.1))`,
    },
    weights: ['transitions', 'start', 'end'].map((name) => ({ name, path: name })),
    methods: `
    def forward(self, scores, labels, mask):
        # log-likelihood [B] of labels [B, T]; mask [B, T] is true for the steps of each sequence
        labels = labels.where(mask, 0)
        lasts = mask.sum(1, keepdim=True) - 1
        path = (scores.gather(2, labels[..., None])[..., 0] * mask).sum(1)
        path = path + self.start[labels[:, 0]] + self.end[labels.gather(1, lasts)[:, 0]]
        path = path + (self.transitions[labels[:, :-1], labels[:, 1:]] * mask[:, 1:]).sum(1)
        sums = self.start + scores[:, 0]
        for t in range(1, scores.shape[1]):
            after = torch.logsumexp(sums[:, :, None] + self.transitions, 1) + scores[:, t]
            sums = torch.where(mask[:, t, None], after, sums)
        return path - torch.logsumexp(sums + self.end, 1)

    @torch.no_grad()
    def decode(self, scores, mask):
        # The sequence of labels with the highest score, for each row of the batch a list.
        paths = []
        for row, length in zip(scores, mask.sum(1).tolist()):
            best, before = self.start + row[0], []
            for score in row[1:length]:
                best, ids = (best[:, None] + self.transitions).max(0)
                best = best + score
                before.append(ids)
            path = [(best + self.end).argmax().item()]
            for ids in reversed(before):
                path.append(ids[path[-1]].item())
            paths.append(path[::-1])
        return paths
`.slice(1),
  })
