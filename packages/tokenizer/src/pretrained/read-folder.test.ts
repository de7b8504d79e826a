import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Folder, Tokenizer } from '../index.ts'
import { loadTokenizer } from '../node.ts'

const folderOf = (files: Readonly<Record<string, object | string>>): Folder => ({
  name: 'test folder',
  async read(path) {
    const content = files[path]
    if (content === undefined) return undefined
    return new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content))
  },
})

const TEMPLATE =
  "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + eos_token }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}{% if not messages %}{{ raise_exception('no messages') }}{% endif %}"

const FILES = {
  'tokenizer.json': {
    model: { type: 'WordLevel', vocab: { '[UNK]': 0, a: 1, b: 2, '.': 3, '<s>': 4, '</s>': 5 }, unk_token: '[UNK]' },
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { '<s>': { id: '<s>', ids: [4], tokens: ['<s>'] } },
    },
    added_tokens: [
      { id: 4, content: '<s>', special: true, normalized: false },
      { id: 5, content: '</s>', special: true, normalized: false },
    ],
  },
  'tokenizer_config.json': {
    bos_token: { content: '<s>', lstrip: false },
    eos_token: '</s>',
    unk_token: '[UNK]',
    model_max_length: 4,
    padding_side: 'left',
    clean_up_tokenization_spaces: true,
    chat_template: TEMPLATE,
  },
  'special_tokens_map.json': { pad_token: '<pad>', eos_token: '<other>' },
}

describe('Tokenizer.fromFolder', () => {
  it('reads special tokens, limits and sides', async () => {
    const tokenizer = await Tokenizer.fromFolder(folderOf(FILES))
    expect([tokenizer.specialId('bos'), tokenizer.specialId('eos'), tokenizer.specialId('unk')]).toEqual([4, 5, 0])
    // Named in special_tokens_map.json, and not in the vocabulary.
    expect(tokenizer.specialId('pad')).toBe(6)
    expect(tokenizer.specialId('mask')).toBeUndefined()
    expect(tokenizer.settings).toMatchObject({ maxLength: 4, paddingSide: 'left', truncationSide: 'right' })
    expect(tokenizer.decode([1, 3])).toBe('a.')
    expect(tokenizer.decode([1, 3], { cleanUpTokenizationSpaces: false })).toBe('a .')
  })

  it('makes batches as arrays of one shape', async () => {
    const tokenizer = await Tokenizer.fromFolder(folderOf(FILES))
    const arrays = tokenizer.encodeArrays(['a', 'a b a b a'])
    expect(arrays.shape).toEqual([2, 4])
    expect([...arrays.ids]).toEqual([6, 6, 4, 1, 4, 1, 2, 1])
    expect([...arrays.attentionMask]).toEqual([0, 0, 1, 1, 1, 1, 1, 1])
    expect([...arrays.lengths]).toEqual([2, 4])
    expect(tokenizer.encodeArrays(['a'], { padToMultipleOf: 3 }).shape).toEqual([1, 3])
    expect(tokenizer.encodeArrays(['a', 'b'], { padToLength: 5 }).shape).toEqual([2, 5])
    expect(tokenizer.encodeArrays([['a', 'b']]).typeIds).toEqual(Int32Array.of(0, 1))
    expect(() => tokenizer.encodeArrays(['a b b'], { padToLength: 2, maxLength: 9 })).not.toThrow()
    expect(() => tokenizer.encodeArrays(['a b b', 'a'], { padToLength: 2, maxLength: 9 })).toThrow(/padToLength 2/)
    const bare = Tokenizer.fromJSON(FILES['tokenizer.json'])
    expect(() => bare.encodeArrays(['a', 'a b'])).toThrow(/expected a padding token/)
  })

  it('renders chat templates', async () => {
    const tokenizer = await Tokenizer.fromFolder(folderOf(FILES))
    const messages = [{ role: 'user', content: 'a b' }]
    expect(await tokenizer.chatText(messages, { addGenerationPrompt: true })).toBe('<|user|>a b</s><|assistant|>')
    expect(await tokenizer.encodeChat([{ role: 'user', content: ' a' }])).toEqual([0, 1, 5])
    await expect(tokenizer.chatText([])).rejects.toThrow(/no messages/)
    await expect(tokenizer.chatText(messages, { template: 'rag' })).rejects.toThrow(
      /expected a template 'rag', got default/,
    )
    const named = { ...FILES, 'chat_template.jinja': 'x{{ messages|length }}' }
    expect(await (await Tokenizer.fromFolder(folderOf(named))).chatText(messages)).toBe('x1')
  })

  it('reads older vocabularies', async () => {
    const vocab = '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nHello\n'
    const cased = await Tokenizer.fromFolder(folderOf({ 'vocab.txt': vocab }))
    expect(cased.encodeIds('Hello')).toEqual([2, 6, 3])
    const uncased = folderOf({ 'vocab.txt': vocab, 'tokenizer_config.json': { do_lower_case: true } })
    expect((await Tokenizer.fromFolder(uncased)).encodeIds('Hello')).toEqual([2, 5, 3])
    const gpt2 = folderOf({ 'vocab.json': { l: 0, o: 1, lo: 2 }, 'merges.txt': '#version: 0.2\nl o\n' })
    expect((await Tokenizer.fromFolder(gpt2)).encodeIds('lo')).toEqual([2])
  })

  it('names the file and the key that are wrong', async () => {
    await expect(Tokenizer.fromFolder(folderOf({}))).rejects.toThrow(/^test folder: expected a tokenizer\.json/)
    const wrong: [string, object | string, RegExp][] = [
      ['tokenizer_config.json', '{', /^tokenizer_config\.json: expected JSON/],
      ['tokenizer_config.json', { bos_token: 3 }, /bos_token: expected a token, got 3/],
      ['tokenizer_config.json', { model_max_length: 'x' }, /model_max_length: expected a number/],
      ['tokenizer_config.json', { padding_side: 'top' }, /padding_side: expected 'right' or 'left', got "top"/],
      ['tokenizer_config.json', { chat_template: [{ name: 'x' }] }, /chat_template: expected a name and a template/],
      ['special_tokens_map.json', '[]', /^special_tokens_map\.json: expected an object/],
    ]
    for (const [path, content, message] of wrong)
      await expect(Tokenizer.fromFolder(folderOf({ ...FILES, [path]: content }))).rejects.toThrow(message)
  })

  it('reads a folder on disk', async () => {
    const path = await mkdtemp(join(tmpdir(), 'heddle-tokenizer-'))
    try {
      await expect(loadTokenizer(path)).rejects.toThrow(path)
      await writeFile(join(path, 'tokenizer.json'), JSON.stringify(FILES['tokenizer.json']))
      expect((await loadTokenizer(path)).encodeIds('a')).toEqual([4, 1])
    } finally {
      await rm(path, { recursive: true })
    }
  })
})
