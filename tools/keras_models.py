"""Writes Keras models as TF.js Layers models, with inputs and outputs of Keras to compare with.

    python tools/keras_models.py fixtures test/fixtures/keras     the small models of the tests
    python tools/keras_models.py applications <folder>            five networks of keras.applications; hundreds of megabytes

Needs keras 3 and tensorflow. Weights are random, of the size that trained ones have, so that activations neither vanish nor explode.
"""
import json
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras import layers

SEED = 7


def randomise(model, halves):
    """Gives every weight a value; kernels keep the variance of their inputs, norms do something."""
    random = np.random.default_rng(SEED)
    for variable in model.weights:
        shape, role = variable.shape, variable.name
        if "kernel" in role:
            depthwise = "depthwise" in variable.path and len(shape) == 4 and shape[-1] == 1
            fan_in = np.prod(shape[:2]) if depthwise else np.prod(shape[:-1])
            values = random.normal(0, np.sqrt(2 / fan_in), shape)
        elif role in ("gamma", "moving_variance", "variance"):
            values = random.uniform(0.7, 1.3, shape)
        elif role == "count":
            continue
        else:
            values = random.uniform(-0.2, 0.2, shape)
        values = values.astype("float16" if halves else "float32")
        variable.assign(values.astype("float32"))
    for layer in model.layers:
        # It keeps copies of its statistics.
        if isinstance(layer, layers.Normalization):
            layer.finalize_state()


def write(folder, name, model, end, scale, halves):
    """One folder: model.json, weights.bin, and expected.json with one image and Keras's output at `end`."""
    randomise(model, halves)
    target = os.path.join(folder, name)
    os.makedirs(target, exist_ok=True)
    entries, parts = [], []
    for variable in model.weights:
        values = np.asarray(variable.numpy(), dtype="float32")
        entry = {"name": variable.path, "shape": list(values.shape), "dtype": "float32"}
        if halves:
            entry["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
        entries.append(entry)
        parts.append(values.astype("<f2" if halves else "<f4").tobytes())
    topology = {"keras_version": keras.__version__, "backend": "tensorflow", "model_config": json.loads(model.to_json())}
    record = {
        "format": "layers-model",
        "generatedBy": f"keras v{keras.__version__}",
        "convertedBy": "tools/keras_models.py",
        "modelTopology": topology,
        "weightsManifest": [{"paths": ["weights.bin"], "weights": entries}],
    }
    with open(os.path.join(target, "weights.bin"), "wb") as file:
        file.write(b"".join(parts))
    with open(os.path.join(target, "model.json"), "w") as file:
        json.dump(record, file, separators=(",", ":"))
    size = model.input_shape[1]
    # Small whole numbers, so that the file is short; `scale` brings them to what the model expects.
    pixels = np.random.default_rng(SEED).integers(0, 256, (size, size, 3))
    image = (pixels / 255 * scale[0] + scale[1]).astype("float32")[None]
    output = keras.Model(model.inputs, model.get_layer(end).output)(image, training=False)
    expected = {
        "end": end,
        "shape": list(output.shape[1:]),
        "scale": scale,
        "pixels": pixels.ravel().tolist(),
        "output": [float(f"{value:.7g}") for value in np.asarray(output).ravel()],
    }
    with open(os.path.join(target, "expected.json"), "w") as file:
        json.dump(expected, file, separators=(",", ":"))
    print(name, sum(map(len, parts)), "bytes of weights, largest output", float(np.abs(output).max()))


def residual_net():
    """ResNet's layers: padding, a window of maxima, projection and sum; with a head."""
    image = keras.Input((32, 32, 3))
    x = layers.ZeroPadding2D(3, name="stem_pad")(image)
    x = layers.Conv2D(8, 7, strides=2, name="stem_conv")(x)
    x = layers.BatchNormalization(epsilon=1.001e-5, name="stem_bn")(x)
    x = layers.Activation("relu", name="stem_relu")(x)
    x = layers.ZeroPadding2D(1, name="pool_pad")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool")(x)
    for index, stride in enumerate([1, 2]):
        short = layers.Conv2D(16, 1, strides=stride, name=f"block{index}_short")(x)
        x = layers.Conv2D(8, 1, strides=stride, activation="relu", name=f"block{index}_in")(x)
        x = layers.Conv2D(8, 3, padding="same", use_bias=False, name=f"block{index}_conv")(x)
        x = layers.BatchNormalization(scale=False, name=f"block{index}_bn")(x)
        x = layers.Conv2D(16, 1, name=f"block{index}_out")(x)
        x = layers.Add(name=f"block{index}_add")([short, x])
        x = layers.ReLU(name=f"block{index}_relu")(x)
    end = "block1_relu"
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    return keras.Model(image, layers.Dense(10, activation="softmax", name="predictions")(x), name="residual"), end


def dense_net():
    """DenseNet's layers: norms before convolutions, concatenation and transitions; separable convolutions; ends in a flattening."""
    image = keras.Input((32, 32, 3))
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False, name="stem_conv")(image)
    for block in range(2):
        for index in range(2):
            y = layers.BatchNormalization(name=f"dense{block}_{index}_bn")(x)
            y = layers.Activation("relu", name=f"dense{block}_{index}_relu")(y)
            y = layers.SeparableConv2D(6, 3, padding="same", name=f"dense{block}_{index}_conv")(y)
            x = layers.Concatenate(name=f"dense{block}_{index}_concat")([x, y])
        x = layers.Conv2D(12, 1, activation="tanh", name=f"transition{block}_conv")(x)
        x = layers.AveragePooling2D(2, strides=2, name=f"transition{block}_pool")(x)
    end = "transition1_pool"
    x = layers.Flatten(name="flatten")(x)
    return keras.Model(image, layers.Dense(5, name="predictions")(x), name="dense"), end


def gated_net():
    """EfficientNet's layers: normalisation inside, swish, squeeze and excitation."""
    image = keras.Input((32, 32, 3))
    x = layers.Rescaling(1 / 255, name="rescaling")(image)
    x = layers.Normalization(axis=-1, name="normalization")(x)
    x = layers.Rescaling([2.0, 2.1, 2.2], name="rescaling_2")(x)
    x = layers.ZeroPadding2D(((0, 1), (0, 1)), name="stem_conv_pad")(x)
    x = layers.Conv2D(8, 3, strides=2, use_bias=False, name="stem_conv")(x)
    x = layers.BatchNormalization(name="stem_bn")(x)
    x = layers.Activation("swish", name="stem_activation")(x)
    for index in range(2):
        inputs = x
        x = layers.DepthwiseConv2D(3, strides=2 - index, padding="same", use_bias=False, name=f"b{index}_dwconv_depthwise")(x)
        x = layers.BatchNormalization(name=f"b{index}_bn")(x)
        x = layers.Activation("swish", name=f"b{index}_activation")(x)
        gate = layers.GlobalAveragePooling2D(name=f"b{index}_se_squeeze")(x)
        gate = layers.Reshape((1, 1, 8), name=f"b{index}_se_reshape")(gate)
        gate = layers.Conv2D(2, 1, padding="same", activation="swish", name=f"b{index}_se_reduce")(gate)
        gate = layers.Conv2D(8, 1, padding="same", activation="sigmoid", name=f"b{index}_se_expand")(gate)
        x = layers.Multiply(name=f"b{index}_se_excite")([x, gate])
        if index == 1:
            x = layers.Dropout(0.2, name="drop")(x)
            x = layers.Add(name="add")([x, inputs])
    return keras.Model(image, x, name="gated"), "add"


def mobile_net_v3():
    """As published, with its gates and hard functions, at a small width."""
    model = keras.applications.MobileNetV3Small(input_shape=(64, 64, 3), alpha=0.25, weights=None, include_top=True, classes=4)
    pool = next(layer for layer in reversed(model.layers) if isinstance(layer, layers.GlobalAveragePooling2D))
    return model, pool.input._keras_history.operation.name


def application(name, size, **settings):
    model = getattr(keras.applications, name)(input_shape=(size, size, 3), weights=None, **settings)
    pool = next(layer for layer in reversed(model.layers) if isinstance(layer, layers.GlobalAveragePooling2D))
    return model, pool.input._keras_history.operation.name


def main(kind, folder):
    pixels, symmetric = [255, 0], [2, -1]
    if kind == "fixtures":
        write(folder, "residual", *residual_net(), symmetric, True)
        write(folder, "dense", *dense_net(), symmetric, True)
        write(folder, "gated", *gated_net(), pixels, True)
        write(folder, "mobilenet-v3-small-0.25", *mobile_net_v3(), pixels, True)
    else:
        write(folder, "MobileNetV2", *application("MobileNetV2", 96, alpha=0.35), symmetric, False)
        write(folder, "MobileNetV3Small", *application("MobileNetV3Small", 96), pixels, False)
        write(folder, "ResNet50", *application("ResNet50", 96), symmetric, False)
        write(folder, "DenseNet121", *application("DenseNet121", 96), symmetric, False)
        write(folder, "EfficientNetB0", *application("EfficientNetB0", 96), pixels, False)


main(*sys.argv[1:])
