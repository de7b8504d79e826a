import { pluginContract } from '@heddle/testing'
import { viewsPlugin } from './plugin.ts'

pluginContract(viewsPlugin)
