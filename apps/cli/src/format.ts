import type { MetricInfo } from '@heddle/metrics'

/** 65 s as 1:05, 3700 s as 1:01:40. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

export function formatMetric({ percent }: Pick<MetricInfo, 'percent'>, value: number): string {
  return percent ? `${(100 * value).toFixed(1)} %` : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(4)
}

export const formatCount = (n: number): string => n.toLocaleString('en')
