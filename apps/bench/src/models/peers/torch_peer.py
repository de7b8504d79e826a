"""PyTorch's side of the benchmark, driven by lines on standard input.

A request is a JSON line {"workload": name, "seconds": s}; the answer is a JSON line {"tokens": n, "ms": [time of each run]}.
The process keeps its models between requests, so that its turns can alternate with those of another peer.
"""

import json
import sys
import time

import torch
from torch import nn

import torch_bert
import torch_generation
import torch_transformers
from torch_training import ids, loss_of, training_step


class RecurrentLanguageModel(nn.Module):
    def __init__(self, kind, vocabulary, embedding, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.recurrent = getattr(nn, kind)(embedding, hidden, layers, batch_first=True)
        self.output = nn.Linear(hidden, vocabulary)

    def forward(self, ids, state=None):
        outputs, state = self.recurrent(self.embedding(ids), state)
        return self.output(outputs), state


class AttentionSeq2Seq(nn.Module):
    """A GRU encoder and a GRU-cell decoder with additive attention, teacher forced."""

    def __init__(self, vocabulary, embedding, hidden):
        super().__init__()
        self.source = nn.Embedding(vocabulary, embedding)
        self.target = nn.Embedding(vocabulary, embedding)
        self.encoder = nn.GRU(embedding, hidden, batch_first=True)
        self.cell = nn.GRUCell(embedding + hidden, hidden)
        self.query = nn.Linear(hidden, hidden, bias=False)
        self.key = nn.Linear(hidden, hidden, bias=False)
        self.score = nn.Linear(hidden, 1, bias=False)
        self.output = nn.Linear(hidden, vocabulary)

    def forward(self, source, target):
        memory, last = self.encoder(self.source(source))
        state, keys, inputs = last[0], self.key(memory), self.target(target)
        states = []
        for step in range(target.shape[1]):
            scores = self.score(torch.tanh(self.query(state).unsqueeze(1) + keys)).squeeze(-1)
            context = (torch.softmax(scores, -1).unsqueeze(1) @ memory).squeeze(1)
            state = self.cell(torch.cat([inputs[:, step], context], -1), state)
            states.append(state)
        return self.output(torch.stack(states, 1))


def language_model(kind, embedding, hidden, layers, batch, steps):
    model = RecurrentLanguageModel(kind, 65, embedding, hidden, layers)
    inputs, labels = ids(65, batch, steps), ids(65, batch, steps)
    return training_step(model, lambda: loss_of(model(inputs)[0], labels)), batch * steps


def bahdanau():
    model = AttentionSeq2Seq(5000, 128, 256)
    source, target, labels = (ids(5000, 64, 20) for _ in range(3))
    return training_step(model, lambda: loss_of(model(source, target), labels)), 64 * 20


def lstm_inference():
    model = RecurrentLanguageModel("LSTM", 65, 64, 256, 2).eval()

    @torch.inference_mode()
    def run():
        token, state = torch.zeros(1, 1, dtype=torch.long), None
        for _ in range(200):
            logits, state = model(token, state)
            token = logits[:, -1].argmax(-1, keepdim=True)

    return run, 200


WORKLOADS = {
    "lstm-small": lambda: language_model("LSTM", 32, 64, 1, 8, 32),
    "charlstm": lambda: language_model("LSTM", 64, 256, 2, 32, 64),
    "chargru": lambda: language_model("GRU", 64, 256, 2, 32, 64),
    "bahdanau": bahdanau,
    "generate": torch_generation.generation,
    "lstm-infer": lstm_inference,
    **torch_transformers.WORKLOADS,
    **torch_bert.WORKLOADS,
}


def main():
    torch.set_num_threads(int(sys.argv[1]))
    print(json.dumps({"peer": "pytorch " + torch.__version__}), flush=True)
    models = {}
    for line in sys.stdin:
        request = json.loads(line)
        name = request["workload"]
        if name not in WORKLOADS:
            print(json.dumps({"error": "unknown workload " + name}), flush=True)
            continue
        if name not in models:
            models[name] = WORKLOADS[name]()
            for _ in range(3):
                models[name][0]()
        run, tokens = models[name]
        times, end = [], time.perf_counter() + request["seconds"]
        while not times or time.perf_counter() < end:
            start = time.perf_counter()
            run()
            times.append((time.perf_counter() - start) * 1000)
        print(json.dumps({"tokens": tokens, "ms": times}), flush=True)


main()
