"""The Rust library's side of the tokenizer benchmark, driven by lines on standard input.

A request is a JSON line: {"data": file of lines, "tokenizer": tokenizer.json} times the encoding of all lines, one by one;
{"data": …, "train": kind, "vocab_size": n} times the training. The answer is a JSON line {"seconds": s}.
"""

import json
import os
import sys
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import tokenizers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

BERT_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def untrained(kind, vocab_size):
    common = {"vocab_size": vocab_size, "show_progress": False}
    if kind == "wordpiece":
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(strip_accents=False)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        return tokenizer, trainers.WordPieceTrainer(special_tokens=BERT_TOKENS, **common)
    if kind == "bpe":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        return tokenizer, trainers.BpeTrainer(initial_alphabet=alphabet, **common)
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer, trainers.UnigramTrainer(special_tokens=["<unk>"], unk_token="<unk>", **common)


def main():
    print(json.dumps({"peer": "tokenizers " + tokenizers.__version__}), flush=True)
    for request in map(json.loads, sys.stdin):
        with open(request["data"], encoding="utf-8", newline="\n") as file:
            lines = file.read().split("\n")
        if "train" in request:
            tokenizer, trainer = untrained(request["train"], request["vocab_size"])
            start = time.perf_counter()
            tokenizer.train_from_iterator(lines, trainer)
        else:
            tokenizer = Tokenizer.from_file(request["tokenizer"])
            start = time.perf_counter()
            for line in lines:
                tokenizer.encode(line)
        print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)


main()
