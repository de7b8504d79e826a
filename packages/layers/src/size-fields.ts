import * as z from 'zod'

/** A number of features in a config. The limit keeps a wrong file from asking for more memory than there is. */
export const featureCount = z.int().min(1).max(65_536)

/** A number of layers in a config. */
export const layerCount = z.int().min(1).max(1000)
