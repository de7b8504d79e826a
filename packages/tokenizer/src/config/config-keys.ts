type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S

/** `T` with its keys in camelCase. */
export type CamelKeys<T> = { [K in keyof T & string as Camel<K>]: T[K] }

/** Converts the snake_case keys of tokenizer.json to camelCase options. */
export function camelKeys<T extends object>(config: T): CamelKeys<T> {
  const entries = Object.entries(config).map(([key, value]) => [
    key.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase()),
    value,
  ])
  return Object.fromEntries(entries) as CamelKeys<T>
}

/** Converts camelCase options to the snake_case keys of tokenizer.json. */
export function snakeKeys(options: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), value]),
  )
}
