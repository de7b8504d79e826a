import { type PyTorchModule, type PyTorchSource, pyTorchClass } from '@heddle/layers'
import type { JigsawSolver } from '../pictures/jigsaw-solver.ts'
import type { PatchFiller } from '../pictures/patch-filler.ts'

export const jigsawSolver = ({ encoder, output, side }: JigsawSolver, source: PyTorchSource): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'JigsawSolver',
    summary: 'An encoder with a linear head that says which patch stands at each place.',
    parts: { encoder, output },
    methods: `
    def forward(self, x):
        # rows of a picture with moved patches [B, T, W] -> logits [B, P, P]
        bands = self.encoder(x).outputs.reshape(len(x), ${side}, -1)
        return self.output(bands).reshape(len(x), ${side ** 2}, ${side ** 2})
`.slice(1),
  })

export const patchFiller = ({ encoder, output }: PatchFiller, source: PyTorchSource): Promise<PyTorchModule> =>
  pyTorchClass(source, {
    name: 'PatchFiller',
    summary: "An encoder with a linear map from each row's output to the pixels of the row.",
    parts: { encoder, output },
    methods: `
    def forward(self, x):
        # rows of a picture with hidden patches [B, T, W] -> the whole picture
        return self.output(self.encoder(x).outputs)
`.slice(1),
  })
