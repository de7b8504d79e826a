/** Goes from `from` to `to` along half a cosine as `progress` goes from 0 to 1. */
export function halfCosine(from: number, to: number, progress: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2
}
