/** Encoder of a BERT that compares words of two texts: from scratch, that takes small networks, large weights and no dropout. */
export const comparingBert = {
  ...{ type: 'bert', numLayers: 2, hiddenSize: 64, numHeads: 2, initializerRange: 0.08 },
  ...{ dropout: 0, attention: { dropout: 0 } },
}

/** Training of {@link comparingBert} with a head. */
export const comparingTraining = {
  steps: 2500,
  batchSize: 32,
  learningRate: 1e-3,
  schedule: { type: 'warmup-stable-decay', warmup: 0.1, decay: 0.9, shape: 'linear' },
  evaluateEvery: 500,
}
