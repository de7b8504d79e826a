const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** Values as a row of bars, on a scale that several rows can share. */
export function sparkline(values: readonly number[], { from, to }: { from: number; to: number }): string {
  return values
    .map((value) => {
      const share = to > from ? Math.min(1, Math.max(0, (value - from) / (to - from))) : 0
      return BARS[Math.round(share * (BARS.length - 1))]!
    })
    .join('')
}
