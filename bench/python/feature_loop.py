"""The usual PyTorch loop over a frozen backbone: every epoch decodes, augments and runs all images through it, and trains a linear head.

Usage: feature_loop.py <backbone folder> <images.json> <threads> <epochs of the head, 0 for none>
Prints the seconds of one such epoch and of one evaluation, both after a warm-up, and the test accuracy after so many epochs. For the accuracy
both sides of every image go through the backbone once, which gives the head the same numbers as doing so in each epoch.
"""

import json
import pathlib
import sys
import time

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from backbone import torch_model

BATCH_SIZE = 32
CLASS_COUNT = 10
WARM_UP_BATCHES = 3
WORKERS = 2


class Pictures(Dataset):
    def __init__(self, images, transform):
        self.images, self.transform = images, transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = self.images[index]
        return self.transform(Image.open(image["path"]).convert("RGB")), image["label"]


def main():
    folder, images_file, threads, epochs = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    images = json.loads(pathlib.Path(images_file).read_text())
    record = json.loads((pathlib.Path(folder) / "backbone.json").read_text())
    size = record["inputSize"]
    numbers = [transforms.Resize(size), transforms.CenterCrop(size), transforms.ToTensor(), transforms.Normalize(record["mean"], record["std"])]
    of_split = lambda split: [image for image in images if image["split"] == split]
    flipped = lambda probability: Pictures(of_split("training"), transforms.Compose([transforms.RandomHorizontalFlip(probability), *numbers]))
    held_out = Pictures(of_split("test"), transforms.Compose(numbers))
    load = lambda pictures, shuffle=False: DataLoader(pictures, BATCH_SIZE, shuffle=shuffle, num_workers=WORKERS)
    model = torch_model(folder, CLASS_COUNT).eval()
    optimizer = torch.optim.SGD(model.head.parameters(), lr=0.01, momentum=0.9)

    def learn(features, targets):
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model.head(features), targets).backward()
        optimizer.step()

    def run_epoch(batches):
        for index, (pixels, targets) in enumerate(load(flipped(0.5), shuffle=True)):
            if index == batches:
                return
            with torch.no_grad():
                features = model.features(pixels)
            learn(features, targets)

    @torch.no_grad()
    def features_of(pictures):
        made = [(model.features(pixels), targets) for pixels, targets in load(pictures)]
        return torch.cat([features for features, _ in made]), torch.cat([targets for _, targets in made])

    run_epoch(WARM_UP_BATCHES)
    start = time.perf_counter()
    run_epoch(None)
    epoch_seconds = time.perf_counter() - start
    start = time.perf_counter()
    test_features, test_targets = features_of(held_out)
    answer = {"epochSeconds": epoch_seconds, "evaluationSeconds": time.perf_counter() - start}
    if int(epochs) > 0:
        model.head.reset_parameters()
        optimizer.state.clear()
        (straight, targets), (mirrored, _) = features_of(flipped(0)), features_of(flipped(1))
        sides = torch.stack([straight, mirrored])
        for _ in range(int(epochs)):
            drawn = sides[torch.randint(2, (len(targets),)), torch.arange(len(targets))]
            for indices in torch.randperm(len(targets)).split(BATCH_SIZE):
                learn(drawn[indices], targets[indices])
        answer["accuracy"] = (model.head(test_features).argmax(1) == test_targets).float().mean().item()
    print(json.dumps(answer))


main()
