"""Graft's backbone files as the models that PyTorch's and Keras' users would write: same layers, same weights, a new head on top."""

import json
import pathlib

import numpy as np


def read_backbone(folder):
    """Layers as (class name, name, config, names of inputs), and weights by "<layer>/<weight>" as float32 arrays."""
    record = json.loads((pathlib.Path(folder) / "model.json").read_text())
    layers = []
    for layer in record["modelTopology"]["model_config"]["config"]["layers"]:
        nodes = layer["inbound_nodes"]
        layers.append((layer["class_name"], layer["name"], layer["config"], [node[0] for node in nodes[0]] if nodes else []))
    weights = {}
    for group in record["weightsManifest"]:
        data = b"".join((pathlib.Path(folder) / path).read_bytes() for path in group["paths"])
        offset = 0
        for weight in group["weights"]:
            stored = np.dtype(weight.get("quantization", {}).get("dtype", weight["dtype"]))
            count = int(np.prod(weight["shape"]))
            values = np.frombuffer(data, stored, count, offset).astype(np.float32)
            weights[weight["name"]] = values.reshape(weight["shape"])
            offset += count * stored.itemsize
    return layers, weights


def torch_model(folder, class_count):
    """NCHW module; TensorFlow's "same" padding is asymmetric where the stride is 2, so it is explicit there."""
    import torch
    from torch import nn

    layers, weights = read_backbone(folder)

    def convolution(kind, name, config):
        size, stride = config["kernel_size"][0], config["strides"][0]
        if kind == "Conv2D":
            kernel = weights[f"{name}/kernel"].transpose(3, 2, 0, 1)
            groups, outputs, inputs = 1, kernel.shape[0], kernel.shape[1]
        else:
            kernel = weights[f"{name}/depthwise_kernel"].transpose(2, 3, 0, 1)
            groups = outputs = inputs = kernel.shape[0]
        layer = nn.Conv2d(inputs, outputs, size, stride, padding=size // 2 if stride == 1 else 0, groups=groups, bias=False)
        layer.weight.data.copy_(torch.from_numpy(np.ascontiguousarray(kernel)))
        if stride == 1 or size == 1:
            return layer
        before = (size - 2) // 2
        return nn.Sequential(nn.ZeroPad2d((before, size - 2 - before) * 2), layer)

    def batch_norm(name, config):
        layer = nn.BatchNorm2d(weights[f"{name}/gamma"].size, eps=config["epsilon"], momentum=1 - config["momentum"])
        layer.weight.data.copy_(torch.from_numpy(weights[f"{name}/gamma"]))
        layer.bias.data.copy_(torch.from_numpy(weights[f"{name}/beta"]))
        layer.running_mean.copy_(torch.from_numpy(weights[f"{name}/moving_mean"]))
        layer.running_var.copy_(torch.from_numpy(weights[f"{name}/moving_variance"]))
        return layer

    class Lite(nn.Module):
        def __init__(self):
            super().__init__()
            self.parts = nn.ModuleDict()
            for kind, name, config, _ in layers:
                if kind in ("Conv2D", "DepthwiseConv2D"):
                    self.parts[name] = convolution(kind, name, config)
                elif kind == "BatchNormalization":
                    self.parts[name] = batch_norm(name, config)
                elif kind == "ReLU":
                    self.parts[name] = nn.ReLU6(inplace=True)
            last = [name for kind, name, _, _ in layers if kind == "BatchNormalization"][-1]
            self.head = nn.Linear(weights[f"{last}/gamma"].size, class_count)

        def features(self, images):
            values = {layers[0][1]: images}
            for kind, name, _, inputs in layers[1:]:
                given = [values[source] for source in inputs]
                values[name] = given[0] + given[1] if kind == "Add" else self.parts[name](given[0])
            return values[layers[-1][1]].mean((2, 3))

        def forward(self, images):
            return self.head(self.features(images))

    return Lite()


def keras_model(folder, class_count, are_batch_norms_frozen=False):
    """NHWC functional model that ends in logits; with class_count None in the pooled features."""
    import keras

    layers, weights = read_backbone(folder)
    values = {}
    for kind, name, config, inputs in layers:
        given = [values[source] for source in inputs]
        if kind == "InputLayer":
            values[name] = keras.Input(config["batch_input_shape"][1:])
            continue
        shared = {"name": name}
        if kind == "Conv2D":
            layer = keras.layers.Conv2D(config["filters"], config["kernel_size"], config["strides"], padding="same", use_bias=False, **shared)
            arrays = [weights[f"{name}/kernel"]]
        elif kind == "DepthwiseConv2D":
            layer = keras.layers.DepthwiseConv2D(config["kernel_size"], config["strides"], padding="same", use_bias=False, **shared)
            arrays = [weights[f"{name}/depthwise_kernel"]]
        elif kind == "BatchNormalization":
            layer = keras.layers.BatchNormalization(epsilon=config["epsilon"], momentum=config["momentum"], **shared)
            layer.trainable = not are_batch_norms_frozen
            arrays = [weights[f"{name}/{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance")]
        elif kind == "ReLU":
            layer, arrays = keras.layers.ReLU(6.0, **shared), []
        else:
            layer, arrays = keras.layers.Add(**shared), []
        values[name] = layer(given if kind == "Add" else given[0])
        layer.set_weights(arrays)
    outputs = keras.layers.GlobalAveragePooling2D()(values[layers[-1][1]])
    if class_count is not None:
        outputs = keras.layers.Dense(class_count)(outputs)
    return keras.Model(values[layers[0][1]], outputs)
