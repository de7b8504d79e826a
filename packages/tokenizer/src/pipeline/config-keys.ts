type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S

/** `T` with its keys in camelCase. */
export type CamelKeys<T> = { [K in keyof T & string as Camel<K>]: T[K] }

/** Options in camelCase from a config of tokenizer.json, which writes its keys in snake_case. */
export function camelKeys<T extends object>(config: T): CamelKeys<T> {
  const entries = Object.entries(config).map(([key, value]) => [
    key.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase()),
    value,
  ])
  return Object.fromEntries(entries) as CamelKeys<T>
}

/** The other way round: a config of tokenizer.json from options in camelCase. */
export function snakeKeys(options: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), value]),
  )
}
