import { Help, type HelpConfiguration, type Option } from 'commander'

/** The format of help texts: an option that may be repeated shows no default where that is none. */
export const helpFormat: HelpConfiguration = {
  optionDescription(option: Option): string {
    const isNone = Array.isArray(option.defaultValue) && option.defaultValue.length === 0
    const shown = isNone ? Object.assign(Object.create(option), { defaultValue: undefined }) : option
    return Help.prototype.optionDescription.call(this, shown)
  },
}
