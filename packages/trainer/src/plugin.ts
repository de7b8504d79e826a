import type { Plugin } from '@heddle/core'
import { adadeltaOptimizer } from './optimizers/adadelta.ts'
import { adafactorOptimizer } from './optimizers/adafactor.ts'
import { adagradOptimizer } from './optimizers/adagrad.ts'
import { adamOptimizer } from './optimizers/adam.ts'
import { adamWOptimizer } from './optimizers/adamw.ts'
import { lionOptimizer } from './optimizers/lion.ts'
import { muonOptimizer } from './optimizers/muon.ts'
import { rmsPropOptimizer } from './optimizers/rmsprop.ts'
import { sgdOptimizer } from './optimizers/sgd.ts'
import { constantSchedule } from './schedules/constant.ts'
import { cosineSchedule } from './schedules/cosine.ts'
import { cosineRestartsSchedule } from './schedules/cosine-restarts.ts'
import { exponentialSchedule } from './schedules/exponential.ts'
import { inverseSquareRootSchedule } from './schedules/inverse-square-root.ts'
import { linearSchedule } from './schedules/linear.ts'
import { multiStepSchedule } from './schedules/multi-step.ts'
import { noamSchedule } from './schedules/noam.ts'
import { onPlateauSchedule } from './schedules/on-plateau.ts'
import { oneCycleSchedule } from './schedules/one-cycle.ts'
import { polynomialSchedule } from './schedules/polynomial.ts'
import { stableDecaySchedule } from './schedules/stable-decay.ts'
import { stepDecaySchedule } from './schedules/step-decay.ts'
import { warmupSchedule } from './schedules/with-warmup.ts'

/** The optimizers and schedules of this package as a plugin. */
export const trainerPlugin: Plugin = {
  name: '@heddle/trainer',
  contributes: [
    sgdOptimizer,
    adamOptimizer,
    adamWOptimizer,
    rmsPropOptimizer,
    adagradOptimizer,
    adadeltaOptimizer,
    adafactorOptimizer,
    lionOptimizer,
    muonOptimizer,
    constantSchedule,
    stepDecaySchedule,
    multiStepSchedule,
    exponentialSchedule,
    cosineSchedule,
    cosineRestartsSchedule,
    linearSchedule,
    polynomialSchedule,
    inverseSquareRootSchedule,
    noamSchedule,
    oneCycleSchedule,
    onPlateauSchedule,
    warmupSchedule,
    stableDecaySchedule,
  ],
}
