declare module 'fft.js' {
  /** Radix-4 fast Fourier transform; complex numbers lie as real and imaginary parts side by side. */
  export default class FFT {
    /** @param size a power of two above 1 */
    constructor(size: number)
    createComplexArray(): number[]
    /** Writes the first half of the transform of real numbers to `out`. */
    realTransform(out: number[], data: ArrayLike<number>): void
  }
}
