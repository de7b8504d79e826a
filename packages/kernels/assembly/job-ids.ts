// The numbers by which threads name the functions that they run together; `jobs.ts` maps them to functions.

// @ts-ignore: decorator
@inline export const JOB_GEMM: i32 = 1
// @ts-ignore: decorator
@inline export const JOB_SEGMENT_SUM: i32 = 2
// @ts-ignore: decorator
@inline export const JOB_CONV_FILTER_GRADIENT: i32 = 3
// @ts-ignore: decorator
@inline export const JOB_CONV_INPUT_GRADIENT: i32 = 4
// @ts-ignore: decorator
@inline export const JOB_DEPTHWISE_FILTER_GRADIENT: i32 = 5
// @ts-ignore: decorator
@inline export const JOB_DEPTHWISE_INPUT_GRADIENT: i32 = 6
// @ts-ignore: decorator
@inline export const JOB_UNARY: i32 = 7
// @ts-ignore: decorator
@inline export const JOB_BINARY: i32 = 8
// @ts-ignore: decorator
@inline export const JOB_SELECT: i32 = 9
// @ts-ignore: decorator
@inline export const JOB_REDUCE: i32 = 10
// @ts-ignore: decorator
@inline export const JOB_SOFTMAX: i32 = 11
// @ts-ignore: decorator
@inline export const JOB_COPY: i32 = 12
// @ts-ignore: decorator
@inline export const JOB_GEMM_PACK: i32 = 13
// @ts-ignore: decorator
@inline export const JOB_GEMM_ROWS: i32 = 14
// @ts-ignore: decorator
@inline export const JOB_CONV_FORWARD: i32 = 15
// @ts-ignore: decorator
@inline export const JOB_DEPTHWISE_FORWARD: i32 = 16
// @ts-ignore: decorator
@inline export const JOB_SPREAD_CHANNELS: i32 = 17
// @ts-ignore: decorator
@inline export const JOB_MAX_POOL_GRADIENT: i32 = 18
// @ts-ignore: decorator
@inline export const JOB_AVERAGE_POOL_GRADIENT: i32 = 19
// @ts-ignore: decorator
@inline export const JOB_MAX_POOL: i32 = 20
// @ts-ignore: decorator
@inline export const JOB_AVERAGE_POOL: i32 = 21
