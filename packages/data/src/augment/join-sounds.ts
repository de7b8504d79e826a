import { concatenate } from '@heddle/core'

/** Joins sounds one after the other. */
export const joinSounds = (sounds: readonly Float32Array[]): Float32Array => concatenate(Float32Array, sounds)
