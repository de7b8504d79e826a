import { createRegistry, jsonSchemaOf, type Plugin } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { undescribed } from './described-settings.ts'

export interface PluginContract {
  /**
   * Whether each field of a config must have a description (default true). False suits parts whose fields are those of a file format
   * that is documented elsewhere.
   */
  readonly describedFields?: boolean
}

/** Tests that every plugin has to pass: what `heddle list`, option parsers and forms read from its contributions. */
export function pluginContract(plugin: Plugin, { describedFields = true }: PluginContract = {}): void {
  describe(`plugin ${plugin.name} keeps the contract of plugins:`, () => {
    it('it has a name and contributes something, each name of a point once', () => {
      expect(plugin.name).toMatch(/\S/)
      expect(plugin.contributes.length).toBeGreaterThan(0)
      expect(createRegistry(plugin).plugins).toEqual([plugin])
    })

    for (const { point, definition } of plugin.contributes) {
      describe(`${point.kind} '${definition.name}'`, () => {
        it('is found by its name in a registry', () => {
          const registry = createRegistry(plugin)
          expect(registry.get(point, definition.name)).toBe(definition)
          expect(registry.providerOf(point, definition.name)).toBe(plugin)
        })

        it('has a summary of one line', () => {
          expect(definition.summary).toMatch(/^\S[^\n]*\S$/)
        })

        it(`describes its config as a JSON schema${describedFields ? ' in which each field has a description' : ''}`, () => {
          const schema = jsonSchemaOf(definition.config)
          expect(schema.type).toBe('object')
          if (!describedFields) return
          expect(undescribed(schema)).toEqual([])
        })

        it('refuses an unknown key in its config', () => {
          const registry = createRegistry(plugin)
          const spec = { type: definition.name, 'a key that nobody knows': 1 }
          expect(() => registry.configOf(point, spec)).toThrow(/a key that nobody knows/)
        })
      })
    }
  })
}
