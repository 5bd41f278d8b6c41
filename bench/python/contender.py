"""One framework at one work, on demand: reads how many steps to do, a line each, and answers with the seconds of each step.

Usage: contender.py <torch|torch-compile|keras> <frozen-forward|step-trained|step-frozen|head-epoch> <backbone folder> <threads>
"""

import json
import os
import resource
import sys
import time

BATCH_SIZE = 32
CLASS_COUNT = 10
WARM_UP_STEPS = 3


def torch_work(work, folder, threads, is_compiled):
    import torch

    from backbone import torch_model

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    if work == "head-epoch":
        return torch_head_epoch(torch)
    model = torch_model(folder, CLASS_COUNT).to(memory_format=torch.channels_last)
    images = torch.rand(BATCH_SIZE, 3, 224, 224).mul(2).sub(1).to(memory_format=torch.channels_last)
    targets = torch.arange(BATCH_SIZE) % CLASS_COUNT
    if work == "frozen-forward":
        model.eval()
        features = torch.compile(model.features) if is_compiled else model.features

        def forward():
            with torch.inference_mode():
                features(images)

        return forward
    model.train()
    if work == "step-frozen":
        for part in model.modules():
            if isinstance(part, torch.nn.BatchNorm2d):
                part.eval()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9)
    run = torch.compile(model) if is_compiled else model

    def step():
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(run(images), targets).backward()
        optimizer.step()

    return step


def torch_head_epoch(torch):
    """A linear layer on features that lie in memory as one tensor."""
    features = torch.rand(60_000, 1280)
    targets = torch.arange(60_000) % CLASS_COUNT
    head = torch.nn.Linear(1280, CLASS_COUNT)
    optimizer = torch.optim.SGD(head.parameters(), lr=0.01, momentum=0.9)

    def epoch():
        for indices in torch.randperm(len(features)).split(BATCH_SIZE):
            optimizer.zero_grad(set_to_none=True)
            torch.nn.functional.cross_entropy(head(features[indices]), targets[indices]).backward()
            optimizer.step()

    return epoch


def keras_work(work, folder, threads):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import numpy as np
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    import keras

    from backbone import keras_model

    images = tf.constant(np.random.default_rng(1).uniform(-1, 1, (BATCH_SIZE, 224, 224, 3)).astype("float32"))
    targets = tf.constant(np.arange(BATCH_SIZE) % CLASS_COUNT)
    if work == "frozen-forward":
        model = keras_model(folder, None)
        features = tf.function(lambda values: model(values, training=False))
        return lambda: features(images).numpy()
    model = keras_model(folder, CLASS_COUNT, are_batch_norms_frozen=work == "step-frozen")
    optimizer = keras.optimizers.SGD(1e-4, momentum=0.9)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer, loss, jit_compile=False)
    return lambda: model.train_on_batch(images, targets)


def main():
    framework, work, folder, threads = sys.argv[1:]
    if framework == "keras":
        step = keras_work(work, folder, int(threads))
    else:
        step = torch_work(work, folder, int(threads), is_compiled=framework == "torch-compile")
    for _ in range(WARM_UP_STEPS):
        step()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        seconds = []
        for _ in range(int(line)):
            start = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"seconds": seconds, "peakMemoryBytes": peak}), flush=True)


main()
