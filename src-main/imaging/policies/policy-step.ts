import type { ResolvedParameters } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { Fill } from '../../../src-shared/domain/pipeline/steps/fields.ts';
import type { Random } from '../../../src-shared/lib/seeded-random.ts';
import type { ImageSize, Interpolation } from '../kernels/rgb-image.ts';
import { definePictureStep, toColor, type Step } from '../step.ts';
import { applyOperations } from './mix.ts';
import { describeOperations, type DrawnOperation, type Placing } from './operation.ts';

type PolicyKind = 'AutoAugment' | 'RandAugment' | 'TrivialAugmentWide';

/** Makes a kind of step that applies the operations it draws one after the other. */
export function definePolicyStep<K extends PolicyKind>(
  kind: K,
  draw: (parameters: ResolvedParameters[K], random: Random, size: ImageSize) => readonly DrawnOperation[],
): Step<K> {
  return definePictureStep(kind, {
    sample: (parameters: ResolvedParameters[K], random, size) => ({
      operations: draw(parameters, random, size),
      placing: toPlacing(parameters, false),
    }),
    apply: (image, { operations, placing }) => applyOperations(image, operations, placing),
    describe: ({ operations }) => ({ operations: describeOperations(operations) }),
  });
}

export function toPlacing(
  { interpolation, fill }: { readonly interpolation: Interpolation; readonly fill: Fill },
  isEdgeSoft: boolean,
): Placing {
  return { interpolation, fill: toColor(fill), isEdgeSoft };
}
