import type { MetricInfo } from '@heddle/metrics'

/** 65 s as 1:05, 3700 s as 1:01:40. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** @param beside values that stand beside it and get the same number of decimals, such as a baseline's */
export function formatMetric(
  { percent }: Pick<MetricInfo, 'percent'>,
  value: number,
  beside: readonly number[] = [],
): string {
  if (percent) return `${(100 * value).toFixed(1)} %`
  const largest = Math.max(...[value, ...beside].map(Math.abs).filter(Number.isFinite))
  return value.toFixed(largest >= 1000 ? 0 : largest >= 10 ? 1 : 4)
}

export const formatCount = (n: number): string => n.toLocaleString('en')
