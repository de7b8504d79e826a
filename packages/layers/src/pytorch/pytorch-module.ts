import { HeddleError } from '@heddle/core'
import { Module } from '../module.ts'

/** A weight of a PyTorch module, and the parameter that it stands for. */
export interface PyTorchWeight {
  /** Name in the module's `state_dict`. */
  readonly name: string
  /** Path of the parameter below the Heddle module. */
  readonly path: string
  /** Axes of the parameter in PyTorch's order: [1, 0] for a matrix that PyTorch transposes (default: the same order). */
  readonly axes?: readonly number[]
}

/** A module as Python code. */
export interface PyTorchModule {
  /** Expression that creates it, such as `nn.Linear(3, 4)`. */
  readonly create: string
  readonly weights: readonly PyTorchWeight[]
}

/** The Python file that modules describe themselves in. */
export interface PyTorchSource {
  /**
   * Adds a class or a function to the file, once for each text.
   *
   * @returns its name in the file: `name`, or one with a number where another text has it
   */
  define(name: string, text: (name: string) => string): string
  /** Path of a module below the model, for messages. */
  pathOf(module: Module): string
}

/**
 * Capability of a module: it describes itself as PyTorch code that computes the same, with the same weights. Methods load the code
 * by `import()`, so that a program that does not export never loads it.
 */
export interface DescribesPyTorch extends Module {
  toPyTorch(source: PyTorchSource): Promise<PyTorchModule>
}

export function describesPyTorch(module: Module): module is DescribesPyTorch {
  return (module as Partial<DescribesPyTorch>).toPyTorch !== undefined
}

/**
 * A module as Python code.
 *
 * @throws HeddleError `config` for a module without the capability
 */
export async function pyTorchModule(module: Module, source: PyTorchSource): Promise<PyTorchModule> {
  if (describesPyTorch(module)) return await module.toPyTorch(source)
  const path = source.pathOf(module)
  const where = path === '' ? 'the model' : path
  throw new HeddleError(
    'config',
    `PyTorch: expected ${where} (${module.constructor.name}) to describe itself with toPyTorch, got a part without it. Use another part, or ask its author for the method.`,
  )
}

export interface PyTorchClass {
  readonly name: string
  /** Class that it extends (default `nn.Module`). */
  readonly base?: string
  /** Docstring. */
  readonly summary: string
  /** Parts by field, one or a list of them; those that are missing are left out. */
  readonly parts?: Readonly<Record<string, Module | readonly Module[] | undefined>>
  /** Further parts by field, described already, with the path below the Heddle module that their weights start with. */
  readonly described?: Readonly<Record<string, PyTorchModule & { readonly path: string }>>
  /** Further fields: Python expressions. */
  readonly fields?: Readonly<Record<string, string>>
  /** Weights of its own, which `fields` create. */
  readonly weights?: readonly PyTorchWeight[]
  /** Methods, indented by one level. */
  readonly methods: string
}

/** Adds a class that holds parts to the file, and describes the module that is one of it. */
export async function pyTorchClass(source: PyTorchSource, options: PyTorchClass): Promise<PyTorchModule> {
  const { base = 'nn.Module', parts = {}, described = {}, fields = {}, weights: own = [], methods, summary } = options
  const lines: string[] = []
  const weights: PyTorchWeight[] = []
  const add = (key: string, { create, weights: below }: PyTorchModule, path: string) => {
    lines.push(`self.${snakeCase(key)} = ${create}`)
    weights.push(...below.map((weight) => weightOfPart(weight, snakeCase(key), path)))
  }
  for (const [key, part] of Object.entries(parts)) {
    if (part === undefined) continue
    add(key, await (part instanceof Module ? pyTorchModule(part, source) : pyTorchList(part, source)), key)
  }
  for (const [key, part] of Object.entries(described)) add(key, part, part.path)
  for (const [key, value] of Object.entries(fields)) lines.push(`self.${snakeCase(key)} = ${value}`)
  weights.push(...own)
  const body = lines.map((line) => `\n        ${line}`).join('')
  const name = source.define(
    options.name,
    (name) =>
      `class ${name}(${base}):\n    """${summary}"""\n\n    def __init__(self):\n        super().__init__()${body}\n\n${methods.trimEnd()}\n`,
  )
  return { create: `${name}()`, weights }
}

/** A list of modules as an `nn.ModuleList`. */
async function pyTorchList(modules: readonly Module[], source: PyTorchSource): Promise<PyTorchModule> {
  const items: PyTorchModule[] = []
  for (const module of modules) items.push(await pyTorchModule(module, source))
  return {
    create: `nn.ModuleList([${items.map(({ create }) => create).join(', ')}])`,
    weights: items.flatMap(({ weights }, i) => weights.map((weight) => weightOfPart(weight, `${i}`, `${i}`))),
  }
}

/**
 * The path of a part below a module in Python, such as `encoder.input.embedding`; undefined for a part outside of the module. A part that
 * several modules share lies at the first of its places.
 */
export function pyTorchPath(part: Module, holder: Module, source: PyTorchSource): string | undefined {
  const from = source.pathOf(holder)
  const start = from === '' ? '' : `${from}.`
  const path = source.pathOf(part)
  if (!path.startsWith(start)) return undefined
  return path.slice(start.length).split('.').map(snakeCase).join('.')
}

/** A weight of a part, as seen from the module that holds the part. */
export const weightOfPart = (weight: PyTorchWeight, name: string, path: string): PyTorchWeight => ({
  ...weight,
  name: `${name}.${weight.name}`,
  path: path === '' ? weight.path : `${path}.${weight.path}`,
})

/** `inputSize` -> `input_size` */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
