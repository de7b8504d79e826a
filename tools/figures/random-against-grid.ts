/**
 * Random search against grid search at the same number of trials, on a recipe of which one parameter decides and another hardly
 * matters: docs/random-against-grid.svg, and its numbers on stdout.
 *
 * `node --conditions=source tools/figures/random-against-grid.ts`
 *
 * @see Bergstra & Bengio 2012, "Random search for hyper-parameter optimization", figure 1
 */
import { writeFileSync } from 'node:fs'
import { createRegistry, RandomStream } from '@heddle/core'
import { useWasm } from '@heddle/kernels'
import { type ParameterValues, parameterEffects, parseSpace, searchMethodPoint, type Trial } from '@heddle/search'
import { stdPlugins } from '@heddle/std'
import { trainRun } from '@heddle/tasks'
import { MemoryStore } from '@heddle/trainer'

/** Numbers of trials; the dots of the first are drawn in the plane of both parameters. */
const SIZES = [9, 16] as const
const SEARCHES = 20
const RATE = 'training.learningRate'
const CLIP = 'training.clipNorm'

const registry = createRegistry(stdPlugins)
const space = parseSpace('space', {
  [RATE]: { type: 'log-uniform', low: 1e-5, high: 1 },
  [CLIP]: { type: 'log-uniform', low: 1, high: 100 },
})
await useWasm({ threads: 1 })

/** Validation loss of the recipe `names`, made small. */
async function lossOf(values: ParameterValues): Promise<number> {
  const losses: number[] = []
  const { task } = await trainRun({
    registry,
    store: new MemoryStore(),
    seed: 1,
    recipe: {
      type: 'names',
      data: { count: 600, validation: 100, test: 50 },
      model: { embeddingSize: 12, hiddenSize: 16, dropout: 0 },
      training: {
        steps: 30,
        batchSize: 32,
        warmupSteps: 3,
        evaluateEvery: 30,
        learningRate: values[RATE],
        clipNorm: values[CLIP],
      },
    },
    events: { onValidation: ({ metrics }) => losses.push(metrics['loss']!) },
  })
  task.dispose()
  return Math.min(...losses)
}

async function searched(type: 'grid' | 'random', size: number, seed: number): Promise<Trial[]> {
  const context = { space, direction: 'minimize', trials: size, seed } as const
  const { suggest } = registry.create(searchMethodPoint, { type }, context)
  const trials: Trial[] = []
  const root = new RandomStream(seed)
  for (let number = 0; number < size; number++) {
    const parameters = suggest({ number, history: [], rng: root.split() })
    trials.push({ number, parameters, state: 'complete', value: await lossOf(parameters), reports: [] })
  }
  return trials
}

const bestOf = (trials: readonly Trial[]) => Math.min(...trials.map(({ value }) => value!))
const grids = [await searched('grid', SIZES[0], 1), await searched('grid', SIZES[1], 1)]
const random: Trial[][] = []
for (let seed = 1; seed <= SEARCHES; seed++) random.push(await searched('random', SIZES[1], seed))
// The first trials of a random search are a random search.
const results = SIZES.map((size, i) => ({
  size,
  grid: bestOf(grids[i]!),
  bests: random.map((trials) => bestOf(trials.slice(0, size))).sort((a, b) => a - b),
}))
// The one that stands for the others in the picture.
const typical = random.map((trials) => trials.slice(0, SIZES[0])).sort((a, b) => bestOf(a) - bestOf(b))[SEARCHES >> 1]!

const effects = parameterEffects(random.flat(), space, 'minimize')
const figures = {
  results: results.map(({ size, grid, bests }) => ({
    trials: size,
    grid,
    randomMean: bests.reduce((sum, value) => sum + value, 0) / bests.length,
    randomMedian: (bests[SEARCHES / 2 - 1]! + bests[SEARCHES / 2]!) / 2,
    betterThanGrid: `${bests.filter((best) => best < grid).length} of ${SEARCHES}`,
  })),
  effects: Object.fromEntries(effects.map(({ name, share }) => [name, share])),
}
console.log(JSON.stringify(figures, undefined, 2))

const [WIDTH, HEIGHT, TOP, BAND] = [400, 350, 44, 70]
const all = [...grids.flat(), ...random.flat()]
const [low, high] = [Math.min(...all.map(({ value }) => value!)), 2.6]

/** Trials in the plane of both parameters, and above it the loss over the one that decides, which each column of dots tests once. */
function panel(title: string, trials: readonly Trial[], left: number): string {
  const x = ({ parameters }: Trial) => left + 40 + ((Math.log10(parameters[RATE] as number) + 5) / 5) * (WIDTH - 70)
  const y = ({ parameters }: Trial) =>
    HEIGHT - 50 - (Math.log10(parameters[CLIP] as number) / 2) * (HEIGHT - TOP - BAND - 80)
  const height = ({ value }: Trial) => TOP + BAND - 4 - BAND * (1 - (Math.min(high, value!) - low) / (high - low)) * 0.9
  const up = (trial: Trial) => 2 * TOP + BAND - height(trial)
  const best = trials.find(({ value }) => value === bestOf(trials))!
  const curve = [...all]
    .sort((a, b) => x(a) - x(b))
    .map((trial, i) => `${i === 0 ? 'M' : 'L'}${x(trial).toFixed(1)} ${up(trial).toFixed(1)}`)
  const dots = trials.map(
    (trial) =>
      `<line x1="${x(trial).toFixed(1)}" x2="${x(trial).toFixed(1)}" y1="${up(trial).toFixed(1)}" y2="${y(trial).toFixed(1)}" class="drop"/>` +
      `<circle cx="${x(trial).toFixed(1)}" cy="${up(trial).toFixed(1)}" r="3" class="${trial === best ? 'best' : 'dot'}"/>` +
      `<circle cx="${x(trial).toFixed(1)}" cy="${y(trial).toFixed(1)}" r="5" class="${trial === best ? 'best' : 'dot'}"/>`,
  )
  return `<text x="${left + 40}" y="24" class="title">${title}: best loss ${bestOf(trials).toFixed(3)}</text>
<path d="${curve.join('')}" class="curve"/>
<rect x="${left + 30}" y="${TOP + BAND + 10}" width="${WIDTH - 50}" height="${HEIGHT - TOP - BAND - 50}" class="frame"/>
${dots.join('\n')}
<text x="${left + 30 + (WIDTH - 50) / 2}" y="${HEIGHT - 14}" text-anchor="middle">learning rate, 1e-5 to 1; above: the loss, less is better</text>
<text transform="translate(${left + 20} ${TOP + BAND + 10 + (HEIGHT - TOP - BAND - 50) / 2}) rotate(-90)" text-anchor="middle">clipNorm, 1 to 100</text>`
}

/** The best losses of all random searches beside those of the grids. */
function comparison(left: number): string {
  const y = (loss: number) => TOP + 20 + ((HEIGHT - TOP - 70) * (loss - low)) / (worst - low)
  const worst = Math.max(...results.flatMap(({ grid, bests }) => [grid, ...bests]))
  const columns = results.map(({ size, grid, bests }, i) => {
    const x = left + 90 + i * 110
    const dots = bests.map(
      (best, k) => `<circle cx="${x + 8 * ((k % 5) - 2)}" cy="${y(best).toFixed(1)}" r="3.5" class="dot"/>`,
    )
    return `${dots.join('')}<line x1="${x - 40}" x2="${x + 40}" y1="${y(grid).toFixed(1)}" y2="${y(grid).toFixed(1)}" class="grid"/>
<text x="${x}" y="${HEIGHT - 14}" text-anchor="middle">${size} trials</text>`
  })
  const ticks = [0.5, 0.75, 1, 1.25, 1.5].filter((tick) => tick >= low && tick <= worst)
  const axis = ticks.map(
    (tick) => `<text x="${left + 34}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick}</text>`,
  )
  return `<text x="${left + 20}" y="24" class="title">Best: grid (line), random (${SEARCHES} dots)</text>
${[...axis, ...columns].join('\n')}`
}

const style = `text { font: 13px system-ui, sans-serif; fill: #5d6776; } .title { font-weight: 600; fill: #1b2330; }
.frame { fill: none; stroke: #c9ced6; } .curve { fill: none; stroke: #c9ced6; stroke-width: 1.5; } .drop { stroke: #2563c9; stroke-opacity: 0.25; }
.dot { fill: #2563c9; } .best { fill: #c25e00; } .grid { stroke: #c25e00; stroke-width: 3; }`
const full = 2 * WIDTH + 290
writeFileSync(
  new URL('../../docs/random-against-grid.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${full} ${HEIGHT}" width="${full}" height="${HEIGHT}" role="img" aria-label="Trials of a grid search and of a random search, with the validation loss over the learning rate">
<style>${style}</style><rect width="100%" height="100%" fill="#fff"/>
${panel('Grid', grids[0]!, 0)}
${panel('Random', typical, WIDTH)}
${comparison(2 * WIDTH)}
</svg>
`,
)
