"""The sources' own way: the Keras models of texts 001 and 003 and their loops, written anew from what the texts describe.

Runs under an interpreter that has tf_keras, knows nothing of this project, and answers questions line by line (see worker.py):

    python keras_worker.py DIGITS.npz THREADS

`text`: one `fit` an update of 64 rows and no batch size, so two mini-batches of 32 (text 001); `predict` and `train_on_batch` (text 003).
`fastest`: the same updates by `train_on_batch` on float32 arrays, and `predict_on_batch`; no other call of Keras does less.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1", "CUDA_VISIBLE_DEVICES": "-1"}
import numpy as np
import tensorflow as tf
import tf_keras as keras
from tf_keras import backend as K
from tf_keras import layers as of

BATCH, SPLIT, BATCH_003 = 64, 32, 200
Step = Callable[[], None]


class Trainers(NamedTuple):
    """A variant: its two networks, and its ways to take a step."""

    G: Any
    D: Any
    text: Step
    fastest: Step


class Digits:
    """The data set in memory, as the texts hold it: float images between 0 and 1, and labels."""

    def __init__(self, file: str) -> None:
        with np.load(file) as arrays:
            self.flat, self.labels = arrays["pixels"].reshape(-1, 784) / 255, arrays["labels"]
        self.square = self.flat.reshape(-1, 28, 28, 1)


def log_clip(p: Any, floor: float) -> Any:
    """log(max(p, floor)) with the gradient 1 / max(p, floor) passed straight through. Source: text 001."""
    return K.log(K.clip(K.stop_gradient(p), floor, 1) - K.stop_gradient(p) + p)


def of_class(p: Any, y: Any) -> Any:
    """p[n, y[n]] for each n."""
    return tf.gather(p, y, axis=1, batch_dims=1)


def freeze(network: Any) -> None:
    """Its weights are not trained by what is compiled next, while its batch norm goes on using the batch. Source: text 001.

    Not so in the text's CGAN, whose G is a model around the layers, and none of them its own: there D learns from fakes that were
    drawn with G's running averages.
    """
    network.trainable = False
    for layer in network.layers:
        if isinstance(layer, of.BatchNormalization):
            layer.trainable = True


def compiled(inputs: Any, loss: Any, frozen: Any) -> Any:
    """A model whose output is its loss, with Adam over all but the frozen network."""
    model = keras.Model(inputs=inputs, outputs=loss)
    model.add_loss(loss)
    freeze(frozen)
    model.compile(optimizer=keras.optimizers.Adam(0.001))
    frozen.trainable = True
    return model


def dense_networks() -> tuple[Any, Any]:
    G = keras.Sequential([of.Dense(128, activation="relu", input_shape=[100]), of.Dense(784, activation="sigmoid")])
    D = keras.Sequential([of.Dense(128, activation="relu", input_shape=[784]), of.Dense(1, activation="sigmoid")])
    return G, D


def generator(size: int) -> Any:
    return keras.Sequential(
        [
            of.Dense(7 * 7 * 64, input_shape=[size]),
            of.BatchNormalization(),
            of.LeakyReLU(),
            of.Reshape([7, 7, 64]),
            of.UpSampling2D([2, 2]),
            of.Conv2DTranspose(64, [3, 3], padding="same"),
            of.BatchNormalization(),
            of.LeakyReLU(),
            of.UpSampling2D([2, 2]),
            of.Conv2DTranspose(1, [3, 3], padding="same", activation="sigmoid"),
        ]
    )


def discriminator(answers: int) -> Any:
    stage = [of.BatchNormalization, of.LeakyReLU, lambda: of.MaxPool2D([2, 2])]
    return keras.Sequential(
        [
            of.Conv2D(64, [3, 3], padding="same", input_shape=[28, 28, 1]),
            *(layer() for layer in stage),
            of.Conv2D(64, [3, 3], padding="same"),
            *(layer() for layer in stage),
            of.Flatten(),
            of.Dense(128),
            of.BatchNormalization(),
            of.LeakyReLU(),
            of.Dense(answers, activation="sigmoid" if answers == 1 else "softmax"),
        ]
    )


def loops(G: Any, D: Any, train_D: Any, train_G: Any, draw: Callable[[], tuple[list[np.ndarray], list[np.ndarray]]]) -> Trainers:
    """Text 001's step, and the same updates without `fit`. `draw` gives the inputs of the two trainers, each [64, ...]."""

    def one(arrays: list[Any]) -> Any:
        return arrays if len(arrays) > 1 else arrays[0]

    def text() -> None:
        for_D, for_G = draw()
        train_D.fit([K.constant(a) for a in for_D], verbose=0)
        train_G.fit([K.constant(a) for a in for_G] if len(for_G) > 1 else for_G[0], verbose=0)

    def fastest() -> None:
        for trainer, arrays in zip((train_D, train_G), draw(), strict=True):
            arrays = [a.astype("int32" if a.dtype.kind in "iu" else "float32") for a in arrays]
            for start in range(0, BATCH, SPLIT):
                trainer.train_on_batch(one([a[start : start + SPLIT] for a in arrays]))

    return Trainers(G, D, text, fastest)


def rows_of(data: np.ndarray) -> list[int]:
    """64 rows without replacement, as text 001 draws them."""
    return random.sample(range(len(data)), BATCH)


def noise() -> np.ndarray:
    return np.random.uniform(-1, 1, [BATCH, 100])


def plain_gan(networks: tuple[Any, Any], data: np.ndarray) -> Trainers:
    """`gan` and `dcgan`: -log D(x) - log(1 - D(G(z))), and -log D(G(z))."""
    G, D = networks
    x, z = keras.Input(data.shape[1:]), keras.Input([100])
    fake = D(G(z))
    train_D = compiled([x, z], -log_clip(D(x), 1e-6) - log_clip(1.0 - fake, 1e-6), frozen=G)
    train_G = compiled(z, -log_clip(fake, 1e-6), frozen=D)

    def draw() -> tuple[list[np.ndarray], list[np.ndarray]]:
        real, z = data[rows_of(data)], noise()
        return [real, z], [z]

    return loops(G, D, train_D, train_G, draw)


def ssgan(data: np.ndarray, labels: np.ndarray) -> Trainers:
    """Eleven answers, the last of them "fake"; G's loss is +log P(fake)."""
    G, D = generator(100), discriminator(11)
    x, y, z = keras.Input([28, 28, 1]), keras.Input([], dtype="int32"), keras.Input([100])
    on_fake, on_real = D(G(z)), D(x)
    d_loss = -log_clip(1.0 - on_real[:, -1], 1e-3) - log_clip(on_fake[:, -1], 1e-3) - log_clip(of_class(on_real, y), 1e-3)
    train_D = compiled([z, x, y], d_loss, frozen=G)
    train_G = compiled(z, log_clip(on_fake[:, -1], 1e-3), frozen=D)

    def draw() -> tuple[list[np.ndarray], list[np.ndarray]]:
        rows, z = rows_of(data), noise()
        return [z, data[rows], labels[rows]], [z]

    return loops(G, D, train_D, train_G, draw)


def cgan(data: np.ndarray, labels: np.ndarray) -> Trainers:
    """G is told a digit, and D's answer for that digit is what they fight about."""
    body, D = generator(110), discriminator(11)
    z, g = keras.Input([100]), keras.Input([], dtype="int32")
    G = keras.Model([z, g], body(K.concatenate([z, tf.one_hot(g, 10)])))
    x, y = keras.Input([28, 28, 1]), keras.Input([], dtype="int32")
    on_fake, on_real = D(G([z, g])), D(x)
    d_loss = -log_clip(of_class(on_real, y), 1e-3) - log_clip(1.0 - of_class(on_fake, g), 1e-3)
    train_D = compiled([z, g, x, y], d_loss, frozen=G)
    train_G = compiled([z, g], -log_clip(of_class(on_fake, g), 1e-3), frozen=D)

    def draw() -> tuple[list[np.ndarray], list[np.ndarray]]:
        rows, z, g = rows_of(data), noise(), np.random.randint(0, 10, [BATCH])
        return [z, g, data[rows], labels[rows]], [z, g]

    return loops(G, D, train_D, train_G, draw)


def gan_bn(data: np.ndarray) -> Trainers:
    """Text 003: batches of 200, D on real and on generated ones separately, G through the two networks in one."""
    G = keras.Sequential(
        [
            of.Dense(256, activation="relu", input_shape=[100]),
            of.BatchNormalization(),
            of.Dense(512, activation="relu"),
            of.BatchNormalization(),
            of.Dense(784, activation="tanh"),
        ]
    )
    D = keras.Sequential([of.Dense(1024, activation="relu", input_shape=[784]), of.Dropout(0.4)])
    for layer in (of.Dense(512, activation="relu"), of.Dropout(0.4), of.Dense(256, activation="relu"), of.Dropout(0.4)):
        D.add(layer)
    D.add(of.Dense(1, activation="sigmoid"))
    D.compile(loss="binary_crossentropy", optimizer="adam")
    D.trainable = False
    z = keras.Input([100])
    both = keras.Model(z, D(G(z)))
    both.compile(loss="binary_crossentropy", optimizer="adam")
    D.trainable = True
    valid, fake = np.ones((BATCH_003, 1)), np.zeros((BATCH_003, 1))

    def step(samples: Callable[[np.ndarray], np.ndarray], kind: str) -> None:
        real = data[np.random.randint(0, len(data), BATCH_003)].astype(kind)
        drawn = samples(np.random.normal(0, 1, (BATCH_003, 100)).astype(kind))
        D.train_on_batch(real, valid)
        D.train_on_batch(drawn, fake)
        both.train_on_batch(np.random.normal(0, 1, (BATCH_003, 100)).astype(kind), valid)

    def text() -> None:
        step(lambda z: G.predict(z, verbose=0), "float64")

    def fastest() -> None:
        step(G.predict_on_batch, "float32")

    return Trainers(G, D, text, fastest)


def build(variant: str, digits: Digits) -> Trainers:
    """The named variant, compiled but not yet traced."""
    match variant:
        case "gan":
            return plain_gan(dense_networks(), digits.flat)
        case "gan-bn":
            return gan_bn(2 * digits.flat - 1)
        case "dcgan":
            return plain_gan((generator(100), discriminator(1)), digits.square)
        case "ssgan":
            return ssgan(digits.square, digits.labels)
        case "cgan":
            return cgan(digits.square, digits.labels)
    raise ValueError(f"The sources have no {variant}.")


def main() -> None:
    file, threads = sys.argv[1], int(sys.argv[2])
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    digits, ready = Digits(file), {}
    print(json.dumps({"about": f"tf_keras {keras.__version__} on TensorFlow {tf.__version__}"}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        variant = question["variant"]
        if variant not in ready:
            ready[variant] = build(variant, digits)
        trainers = ready[variant]
        step: Step = getattr(trainers, question["way"])
        for _ in range(question["warm"]):
            step()
        steps, began = 0, time.perf_counter()
        while (seconds := time.perf_counter() - began) < question["seconds"]:
            step()
            steps += 1
        parameters = [trainers.G.count_params(), trainers.D.count_params()]
        print(json.dumps({"rate": steps / seconds, "steps": steps, "parameters": parameters}), flush=True)


if __name__ == "__main__":
    main()
