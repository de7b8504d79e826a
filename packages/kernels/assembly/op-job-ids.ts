// The numbers of the jobs that `op-jobs.ts` runs.

// @ts-ignore: decorator
@inline export const JOB_RECURRENT_PROJECT: i32 = 32
// @ts-ignore: decorator
@inline export const JOB_RECURRENT_FORWARD: i32 = 33
// @ts-ignore: decorator
@inline export const JOB_RECURRENT_BACKWARD: i32 = 34
// @ts-ignore: decorator
@inline export const JOB_RECURRENT_WEIGHTS: i32 = 35
// @ts-ignore: decorator
@inline export const JOB_RECURRENT_DX: i32 = 36
// @ts-ignore: decorator
@inline export const JOB_CROSS_ENTROPY: i32 = 37
// @ts-ignore: decorator
@inline export const JOB_GATHER_ROWS: i32 = 38
// @ts-ignore: decorator
@inline export const JOB_ADAMW: i32 = 39
// @ts-ignore: decorator
@inline export const JOB_SUM_SQUARES: i32 = 40
// @ts-ignore: decorator
@inline export const JOB_DROPOUT: i32 = 41
// @ts-ignore: decorator
@inline export const JOB_POINTWISE: i32 = 42
// @ts-ignore: decorator
@inline export const JOB_POINTWISE_GRADIENT: i32 = 43
// @ts-ignore: decorator
@inline export const JOB_NORMALIZE: i32 = 44
// @ts-ignore: decorator
@inline export const JOB_NORMALIZE_GRADIENT: i32 = 45
// @ts-ignore: decorator
@inline export const JOB_DECODER_FORWARD: i32 = 46
// @ts-ignore: decorator
@inline export const JOB_DECODER_BACKWARD: i32 = 47
// @ts-ignore: decorator
@inline export const JOB_DECODER_WEIGHTS: i32 = 48
// @ts-ignore: decorator
@inline export const JOB_ATTENTION: i32 = 49
// @ts-ignore: decorator
@inline export const JOB_ATTENTION_GRADIENT: i32 = 50
// @ts-ignore: decorator
@inline export const JOB_SGD: i32 = 51
