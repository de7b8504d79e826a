import { HeddleError, jsonSchemaOf, type PartSpec, type Registry, show } from '@heddle/core'
import { modelPoint } from '@heddle/layers'

/**
 * A model's settings with the sizes that the data decide, such as the number of labels.
 *
 * @param where name of the task, for messages
 * @throws HeddleError `config` where a size is given already, or the model does not take all of them
 */
export function sizedModel(
  model: PartSpec,
  sizes: Readonly<Record<string, unknown>>,
  registry: Registry,
  where: string,
): PartSpec {
  const given = Object.keys(sizes).find((size) => size in model)
  if (given !== undefined) {
    throw new HeddleError(
      'config',
      `${where}: expected a model without ${given}, as the data decide it, got ${show(model[given])}. Leave it out.`,
    )
  }
  const takes = (type: string) => {
    const { properties = {}, additionalProperties } = jsonSchemaOf(registry.get(modelPoint, type).config)
    return additionalProperties !== false || Object.keys(sizes).every((size) => Object.hasOwn(properties, size))
  }
  if (!takes(model.type)) {
    const names = registry.list(modelPoint).flatMap(({ name }) => (takes(name) ? [`'${name}'`] : []))
    throw new HeddleError(
      'config',
      `${where}: expected a model that takes the settings ${Object.keys(sizes).join(', ')}, got '${model.type}', which is for another kind of task. Choose ${names.join(', ')}.`,
    )
  }
  return { ...model, ...sizes }
}
