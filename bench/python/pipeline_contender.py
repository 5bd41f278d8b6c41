"""torchvision's side of `pipelines`: a step is a pass over all images by a DataLoader with one worker that stays.

Usage: pipeline_contender.py <file with the work, as bench/lib/pipeline-work.ts describes it>
"""

import json
import pathlib
import resource
import sys
import time

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

BATCH_SIZE = 32
SIZE = 224
NUMBERS = [transforms.ToTensor(), transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
PIPELINES = {
    "classic": [transforms.RandomHorizontalFlip(), transforms.Resize(SIZE), transforms.CenterCrop(SIZE), *NUMBERS],
    "heavy": [
        transforms.RandomCrop(SIZE),
        transforms.RandomHorizontalFlip(),
        transforms.RandomRotation(45),
        transforms.ColorJitter(0.4, 0.4, 0.4, 0.1),
        transforms.RandomGrayscale(),
        *NUMBERS,
    ],
}


class Pictures(Dataset):
    def __init__(self, files, transform):
        self.files, self.transform = files, transform

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        return self.transform(Image.open(self.files[index]).convert("RGB"))


def main():
    work = json.loads(pathlib.Path(sys.argv[1]).read_text())
    torch.set_num_threads(1)
    torch.manual_seed(1)
    pictures = Pictures(work["files"], transforms.Compose(PIPELINES[work["pipeline"]]))
    # Workers that stay have nothing made ahead between two passes.
    loader = DataLoader(pictures, BATCH_SIZE, shuffle=True, num_workers=1, persistent_workers=True)

    def run_pass():
        for _ in loader:
            pass

    for _ in range(work["warmUpSteps"]):
        run_pass()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        seconds = []
        for _ in range(int(line)):
            start = time.perf_counter()
            run_pass()
            seconds.append(time.perf_counter() - start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"seconds": seconds, "peakMemoryBytes": peak}), flush=True)


main()
