import * as z from 'zod'

/** A number of features in a config. The limit keeps a wrong file from asking for more memory than there is. */
export const featureCount = z.int().min(1).max(65_536)

/** A number of layers in a config. */
export const layerCount = z.int().min(1).max(1000)

/**
 * A rate of dropout in a config, 0 by default.
 *
 * @param places of the features, for the description
 */
export const dropoutRate = (places: string) =>
  z.number().min(0).max(1).default(0).describe(`share of the features that training sets to zero: ${places}`)
