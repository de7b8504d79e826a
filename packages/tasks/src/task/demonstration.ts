import { ExtensionPoint } from '@heddle/core'
import type { Exhibit } from '../exhibits/exhibit.ts'
import type { Task } from './task.ts'

/** Exhibits of a trained task beside those of its own pipeline; none where it does not suit the task or its model. */
export type Demonstration = (task: Task, unseen: readonly unknown[]) => Promise<readonly Exhibit[]>

/** The extension point of demonstrations, which are part of the report of every run that they suit. */
export const demonstrationPoint: ExtensionPoint<Demonstration, undefined> = new ExtensionPoint('demonstration')
