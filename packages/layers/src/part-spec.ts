import type { ExtensionPoint, PartSpec } from '@heddle/core'
import * as z from 'zod'

const partSpec = z.union([z.string(), z.looseObject({ type: z.string() })])

/** Schema of a part of one kind inside a config: its name, or `{ type, … }` with settings of its own. The kind lets `registry.checkGiven` look the part up. */
export const partOf = ({ kind }: Pick<ExtensionPoint<unknown>, 'kind'>) => partSpec.meta({ part: kind })

/** The spec of a part that a config may give by name alone. */
export const asPart = (spec: string | PartSpec): PartSpec => (typeof spec === 'string' ? { type: spec } : spec)
