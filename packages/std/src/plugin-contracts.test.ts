import { pluginContract } from '@heddle/testing'
import { stdPlugins } from './index.ts'

// The fields of tokenizer parts are those of tokenizer.json.
for (const plugin of stdPlugins) pluginContract(plugin, { describedFields: plugin.name !== '@heddle/tokenizer' })
