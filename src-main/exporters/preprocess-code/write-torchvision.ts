import { writeProgram, type NamedBackbone } from '../../../src-shared/domain/pipeline/python/write-python.ts';
import { viewCountOf } from '../../../src-shared/domain/pipeline/views.ts';
import type { Preprocessing } from '../preprocessing.ts';

/** preprocess.py: the record of preprocess.json as a program for Pillow and torchvision. */
export function writeTorchvision({ input, steps }: Preprocessing, backbone: NamedBackbone): string {
  const viewCount = viewCountOf(steps);
  const made =
    viewCount === 1 ? 'eval_transform(read_picture(file)).unsqueeze(0)' : 'eval_transform(read_picture(file))';
  return `"""What happens to a picture before the model sees it, as Graft did it in training and evaluation.

    tensor = preprocess("picture.jpg")  # [${viewCount}, 3, ${input.height}, ${input.width}], float32, as PyTorch takes it
    numbers = tensor.permute(0, 2, 3, 1).numpy()  # [${viewCount}, ${input.height}, ${input.width}, 3], as TensorFlow takes it
${viewCount === 1 ? '' : averaging(viewCount)}"""

from PIL import Image, ImageOps
${writeProgram([['eval_transform', steps]], backbone)}

def read_picture(file):
    """The first frame as RGB, turned as its EXIF says, with white behind what is transparent."""
    image = ImageOps.exif_transpose(Image.open(file))
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def preprocess(file):
    """The network's input for one picture."""
    return ${made}
`;
}

function averaging(viewCount: number): string {
  return `
These are ${viewCount} views of the picture. What the model says of it is the mean of the probabilities of all views:

    probabilities = model(numbers).mean(axis=0)
`;
}
