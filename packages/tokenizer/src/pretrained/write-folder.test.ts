import { describe, expect, it } from 'vitest'
import { trainCharTokenizer } from '../char-tokenizer.ts'
import { TemplateProcessing } from '../post-processors/index.ts'
import { Tokenizer } from '../tokenizer.ts'
import { WordPieceTrainer } from '../trainers/index.ts'
import { trainWordTokenizer } from '../word-tokenizer.ts'
import { specialTokensOf, writeTokenizerFolder } from './write-folder.ts'

const folderOf = (files: ReadonlyMap<string, Uint8Array>) => ({ read: async (path: string) => files.get(path) })
const json = (files: ReadonlyMap<string, Uint8Array>, path: string) =>
  JSON.parse(new TextDecoder().decode(files.get(path)))

describe('writeTokenizerFolder', () => {
  it('writes characters as a model that the library of Hugging Face has, with the same ids', async () => {
    const tokenizer = trainCharTokenizer(['a loom 한국 🧵\n'], { specialTokens: ['<unk>'] })
    const files = writeTokenizerFolder(tokenizer)
    expect(json(files, 'tokenizer.json').model).toMatchObject({ type: 'BPE', merges: [], unk_token: '<unk>' })
    const read = await Tokenizer.fromFolder(folderOf(files))
    for (const text of ['a loom', '🧵한🧵\n\n', 'xyz loom', '']) {
      const ids = tokenizer.encodeIds(text)
      expect(read.encodeIds(text)).toEqual(ids)
      expect(read.decode(ids)).toBe(tokenizer.decode(ids))
    }
  })

  it('keeps the settings of a folder, and finds the roles of special tokens by name without them', async () => {
    const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
    const tokenizer = Tokenizer.train(
      ['a loom and a shuttle'],
      new WordPieceTrainer({ vocabSize: 40, specialTokens }),
      {
        postProcessor: (trained) =>
          new TemplateProcessing({
            single: '[CLS] $A [SEP]',
            pair: '[CLS] $A [SEP] $B:1 [SEP]:1',
            specialTokens: { '[CLS]': trained.tokenToId('[CLS]')!, '[SEP]': trained.tokenToId('[SEP]')! },
          }),
      },
    )
    const roles = { unk: '[UNK]', sep: '[SEP]', pad: '[PAD]', cls: '[CLS]', mask: '[MASK]' }
    expect(specialTokensOf(tokenizer)).toEqual(roles)
    const first = writeTokenizerFolder(tokenizer, { maxLength: 12 })
    expect(json(first, 'tokenizer_config.json').model_input_names).toContain('token_type_ids')
    const read = await Tokenizer.fromFolder(folderOf(first))
    expect(read.settings).toMatchObject({ specialTokens: roles, maxLength: 12 })
    read.settings = {
      ...read.settings,
      specialTokens: { ...roles, eos: '[SEP]' },
      paddingSide: 'left',
      chatTemplates: { default: 'x', tools: 'y' },
    }
    const again = await Tokenizer.fromFolder(folderOf(writeTokenizerFolder(read)))
    const { config: _, ...settings } = again.settings
    expect(settings).toEqual({ ...read.settings, config: undefined })
  })

  it('refuses parts of its own', () => {
    const words = trainWordTokenizer(['a loom, a shuttle'], { specialTokens: ['<unk>'] })
    expect(() => writeTokenizerFolder(words)).toThrow(/expected parts that Hugging Face's library has, got 'Joiner'/)
  })
})
