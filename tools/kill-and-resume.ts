// Trains every recipe, and the settings that add state to a run, with real processes that are killed at random moments and resumed,
// and compares the files with those of a run that was not killed, bit for bit. Fails also where a run ended before it was killed.
//
//   node --conditions=source tools/kill-and-resume.ts [recipe or variation …] [--kills N] [--seed N] [--keep]

import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RandomStream } from '@heddle/core'
import { mergeSettings, type Settings } from '@heddle/tasks'
import { runFiles } from '@heddle/testing/stores'
import { FolderStore } from '@heddle/trainer/node'
import { type Case, recipeCases, STEPS, variations } from './kill-and-resume/cases.ts'
import { heddle, type Kill, type Moments } from './kill-and-resume/heddle-process.ts'

/** Attempts to kill a run often enough; a busy machine may let one end first. */
const ATTEMPTS = 3

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    // Keeps the runs that differ.
    keep: { type: 'boolean', default: false },
  },
})
const all = [...recipeCases, ...variations]
const unknown = positionals.filter((name) => !all.some((each) => each.name === name))
if (unknown.length > 0) throw new Error(`expected ${all.map(({ name }) => name).join(', ')}; got ${unknown.join(', ')}`)
const wanted = Number(values.kills)
const rng = new RandomStream(Number(values.seed))

function trainArguments({ recipe, settings, args = [] }: Case, folder: string, from: string): string[] {
  const origin = existsSync(from) ? ['--from', from] : []
  const set = assignments(settings, '').flatMap((each) => ['--set', each])
  return ['train', recipe, '--out', folder, ...origin, ...args, ...set]
}

function assignments(settings: Settings, path: string): string[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    if (value === undefined) return []
    // A part inside the model is not in the schema of every recipe's settings; as JSON it is checked with the model.
    const isSection = typeof value === 'object' && value !== null && !Array.isArray(value) && !('type' in value)
    if (path + key !== 'model' && isSection) return assignments(value as Settings, `${path}${key}.`)
    return [`${path}${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`]
  })
}

/** Kills before the first checkpoint, between checkpoints and after the last one, at random moments within these. */
function planKills(moments: Moments, attempt: number): Kill[] {
  // Earlier at each attempt, as the run that was timed may have been a slow one.
  const within = (ms: number) => (ms * rng.uniform()) / (1 + attempt)
  const { created = 0, firstCheckpoint, lastCheckpoint, lastStep, ended } = moments
  const kill = (after: Kill['after'], delay: number): Kill => ({ signal: 'SIGKILL', after, delay })
  if (firstCheckpoint === undefined || lastCheckpoint === undefined || lastStep === undefined) {
    return Array.from({ length: wanted }, () => kill('start', created / 2 + within(0.8 * ended - created / 2)))
  }
  const interval = (lastCheckpoint - firstCheckpoint) / 4
  const middle = Array.from(
    { length: Math.max(1, wanted - 2) },
    () => 1 + Math.floor(rng.uniform() * Math.max(1, lastStep - 5)),
  )
  return [
    kill('start', within(created)),
    kill('created', within(firstCheckpoint - created)),
    ...middle.sort((a, b) => a - b).map((step) => kill(step, within(2 * interval))),
    { ...kill(middle.at(-1)! + 1, within(interval)), signal: 'SIGINT' },
    kill(lastStep, within(0.8 * (ended - lastCheckpoint))),
  ]
}

/** Kills and resumes a run as planned, then lets it end; returns how often it was killed. */
async function killed(each: Case, folder: string, from: string, kills: readonly Kill[]): Promise<number> {
  let count = 0
  const { settings, shortened } = each
  const first = shortened === undefined ? settings : mergeSettings(settings, { training: { steps: shortened } })
  const begin = trainArguments({ ...each, settings: first }, folder, from)
  let longer: string[] = []
  if (shortened !== undefined) {
    await heddle(begin, folder)
    longer = ['--steps', `${STEPS}`]
  }
  for (const kill of [...kills, undefined]) {
    // Without a config.json there is no run to resume yet.
    const exists = existsSync(join(folder, 'config.json'))
    if (!exists) await rm(folder, { recursive: true, force: true })
    const args = exists ? ['train', '--resume', folder, ...longer] : begin
    const { ending } = await heddle(args, folder, kill)
    if (ending === 'killed') count++
    if (ending === 'ended') break
  }
  return count
}

/** Paths of the files in which two runs differ, apart from times. */
async function differences(whole: string, other: string): Promise<string[]> {
  const [expected, got] = [await runFiles(new FolderStore(whole)), await runFiles(new FolderStore(other))]
  const paths = [...new Set([...Object.keys(expected), ...Object.keys(got)])]
  const different = paths.filter((path) => expected[path] !== got[path])
  return (await untimedReport(whole)) === (await untimedReport(other)) ? different : [...different, 'report.html']
}

/** The report without what depends on the clock and on the folder. */
async function untimedReport(folder: string): Promise<string> {
  const html = await readFile(join(folder, 'report.html'), 'utf8')
  return html
    .replaceAll(folder, 'RUN')
    .replaceAll(/(steps?) in [^·<]*</g, '$1<')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'TIME')
}

async function compared(each: Case): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'heddle-kill-'))
  let isKept = false
  try {
    const [whole, other, origin] = ['whole', 'killed', 'origin'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ]
    if (each.from !== undefined) await heddle(trainArguments(each.from, origin, origin), origin)
    const { moments } = await heddle(trainArguments(each, whole, origin), whole)
    let kills = 0
    for (let attempt = 0; attempt < ATTEMPTS && kills < wanted; attempt++) {
      await rm(other, { recursive: true, force: true })
      kills = await killed(each, other, origin, planKills(moments, attempt))
    }
    const different = await differences(whole, other)
    const lines = (await readFile(join(other, 'log.jsonl'), 'utf8')).trim().split('\n').length
    const verdict =
      different.length > 0 ? `DIFFERENT: ${different.join(', ')}` : kills < wanted ? 'TOO FEW KILLS' : 'equal'
    console.log(`${each.name.padEnd(18)} ${kills} kills, ${lines} lines of the log: ${verdict}`)
    if (verdict === 'equal') return
    process.exitCode = 1
    isKept = values.keep
    if (isKept) console.log(root)
  } finally {
    if (!isKept) await rm(root, { recursive: true, force: true })
  }
}

// The first process compiles the sources, which the others load.
await heddle(['list'], '')
for (const each of all.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  try {
    await compared(each)
  } catch (error) {
    console.log(`${each.name.padEnd(18)} ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}
