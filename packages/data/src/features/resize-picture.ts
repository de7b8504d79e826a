import type { Picture } from '../formats/parse-png.ts'

/**
 * Scales a picture: each new pixel is the mean of the area that it covers.
 *
 * The picture is stretched where the proportion of the sides changes.
 */
export function resizePicture({ width, height, pixels }: Picture, newWidth: number, newHeight: number): Picture {
  const rows = overlaps(height, newHeight)
  const columns = overlaps(width, newWidth)
  const resized = new Float32Array(newWidth * newHeight * 3)
  for (const [y, sources] of rows.entries()) {
    for (const [x, across] of columns.entries()) {
      for (const [sourceY, shareY] of sources) {
        for (const [sourceX, shareX] of across) {
          for (let c = 0; c < 3; c++) {
            resized[(y * newWidth + x) * 3 + c]! += shareY * shareX * pixels[(sourceY * width + sourceX) * 3 + c]!
          }
        }
      }
    }
  }
  return { width: newWidth, height: newHeight, pixels: resized }
}

/** For each of `to` new places: the old places that it covers, with their shares. */
function overlaps(from: number, to: number): [index: number, share: number][][] {
  const step = from / to
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * step, (i + 1) * step]
    const covered: [number, number][] = []
    for (let index = Math.floor(start); index < Math.min(from, Math.ceil(end - 1e-9)); index++) {
      covered.push([index, (Math.min(end, index + 1) - Math.max(start, index)) / step])
    }
    return covered
  })
}
