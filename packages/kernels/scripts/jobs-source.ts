import type { Assembly, AssemblyFunction } from './read-assembly.ts'

/** The number by which threads name a job: `softmaxRows` is SOFTMAX_ROWS. */
function constantOf({ name }: AssemblyFunction): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toUpperCase()
}

/** Writes the AssemblyScript module of the numbers by which threads name jobs. */
export function jobIdsSource({ jobs }: Assembly): string {
  return jobs
    .map((job, i) => `// @ts-ignore: decorator\n@inline export const ${constantOf(job)}: i32 = ${i + 1}\n`)
    .join('')
}

/**
 * Writes the AssemblyScript module that runs a job by its number. A switch instead of function values: AssemblyScript keeps
 * those in static memory, and our module has none (its memory belongs to tfjs).
 */
export function jobsSource({ jobs, structs }: Assembly): string {
  const used = new Set(jobs.map(({ parameters }) => parameters[0]!.type))
  const files = [...new Set(jobs.map(({ file }) => file))]
  return [
    ...files.map((file) => {
      const names = jobs.filter((job) => job.file === file).map(({ name }) => name)
      return `import { ${names.join(', ')} } from '../${file}'`
    }),
    ...structs.filter(({ name }) => used.has(name)).map(({ name, file }) => `import { ${name} } from '../${file}'`),
    `
/** Runs part \`begin\` to \`end\` of a job; \`args\` is the address of its arguments. */
export function runJob(job: i32, args: usize, begin: i32, end: i32): void {
  switch (job) {
${jobs.map(({ name, parameters }, i) => `    case ${i + 1}: return ${name}(changetype<${parameters[0]!.type}>(args), begin, end)`).join('\n')}
    default: unreachable()
  }
}
`,
  ].join('\n')
}

/** Writes the AssemblyScript module that is compiled: everything that JavaScript calls. */
export function entrySource({ entries }: Assembly): string {
  const files = [...new Set(entries.map(({ file }) => file))]
  return files
    .map((file) => {
      const names = entries.filter((entry) => entry.file === file).map(({ name }) => name)
      return `export { ${names.join(', ')} } from '../${file}'\n`
    })
    .join('')
}
