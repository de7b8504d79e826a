import { ExtensionPoint } from '@heddle/core'
import type { TaskContext } from './define-task.ts'
import type { Task } from './task.ts'

/** The extension point of tasks. */
export const taskPoint: ExtensionPoint<Task, TaskContext> = new ExtensionPoint('task')
