import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { SizeHints } from '../../../src-shared/domain/pipeline/hints.ts';
import type { BackboneInput } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import { seenBox } from './seen-box.ts';

/** An image as far as its size goes, in pixels after EXIF orientation. */
interface SizedImage {
  readonly id: ImageId;
  readonly width: number;
  readonly height: number;
}

/** Images that are named of each hint. */
const mostNamed = 12;

/** What an evaluation list does to images of these sizes: how much it cuts away, and which it enlarges. */
export function sizeHints(
  images: readonly SizedImage[],
  evaluation: readonly PipelineStep[],
  backbone: BackboneInput,
): SizeHints {
  const seen = images.map((image) => {
    const box = seenBox(image, evaluation, backbone);
    const [, , width, height] = box;
    return {
      imageId: image.id,
      box,
      lost: 1 - (width * height) / (image.width * image.height),
      isEnlarged: Math.min(width, height) < backbone.inputSize,
    };
  });
  const enlarged = seen.filter(({ isEnlarged }) => isEnlarged);
  const mean = seen.reduce((sum, { lost }) => sum + lost, 0) / Math.max(1, seen.length);
  return {
    imageCount: images.length,
    meanLost: mean,
    mostLost: seen
      .toSorted((a, b) => b.lost - a.lost)
      .slice(0, mostNamed)
      .filter(({ lost }) => lost > 0)
      .map(({ imageId, lost, box }) => ({ imageId, lost, box })),
    enlargedCount: enlarged.length,
  };
}
