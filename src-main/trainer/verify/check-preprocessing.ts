import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { PreprocessingProof } from '../../../src-shared/domain/export.ts';
import type { ResolvedLeaf } from '../../../src-shared/domain/pipeline/resolve.ts';
import { tracePipeline } from '../../imaging/trace-pipeline.ts';
import type { StepValue } from '../../imaging/step.ts';
import type { ImageTensor, RgbImage } from '../../imaging/kernels/rgb-image.ts';

/** What preprocess.mjs exports. */
type ExportedSteps = readonly (readonly [
  kind: string,
  apply: (value: RgbImage | ImageTensor) => RgbImage | ImageTensor,
])[];

/** Most grey levels, and most of the numbers after ToTensor, by which code and app may differ. */
const tolerance = { greyLevels: 1, numbers: 1e-5 } as const;

/** Compares the exported preprocess.mjs with the app's own steps, picture by picture. */
export interface PreprocessingCheck {
  add(image: RgbImage): void;
  proof(): PreprocessingProof;
}

/** Loads `preprocess.mjs` of an export. Throws an AppError where it has other steps than the app's evaluation list. */
export async function startPreprocessingCheck(
  folder: string,
  steps: readonly ResolvedLeaf[],
): Promise<PreprocessingCheck> {
  const file = pathToFileURL(path.join(folder, 'preprocess.mjs'));
  // Read afresh, whatever this process read before.
  file.search = String(Date.now());
  const exported = ((await import(file.href)) as { readonly steps: ExportedSteps }).steps;
  if (exported.map(([kind]) => kind).join() !== steps.map(({ kind }) => kind).join()) {
    throw new AppError('export-differs', 'preprocess.mjs has other steps than the evaluation pipeline.');
  }
  const greatest = steps.map(() => 0);
  let isPassed = true;
  return {
    add(image) {
      let value: RgbImage | ImageTensor = image;
      for (const [index, traced] of tracePipeline(image, steps, 0).entries()) {
        if (traced.status !== 'done') return;
        value = exported[index]![1](value);
        const difference = largestDifference(traced.value, value);
        greatest[index] = Math.max(greatest[index]!, difference);
        isPassed &&= difference <= (traced.value.type === 'picture' ? tolerance.greyLevels : tolerance.numbers);
      }
    },
    proof: () => ({
      steps: steps.map(({ kind }, index) => ({ kind, maxDifference: greatest[index]! })),
      tolerance: tolerance.greyLevels,
      isPassed,
    }),
  };
}

/** Another size is as different as bytes can be. */
function largestDifference(expected: StepValue, exported: RgbImage | ImageTensor): number {
  const own = expected.type === 'picture' ? expected.image : expected.tensor;
  if (own.width !== exported.width || own.data.length !== exported.data.length) return 255;
  let largest = 0;
  for (let index = 0; index < own.data.length; index += 1) {
    largest = Math.max(largest, Math.abs(own.data[index]! - exported.data[index]!));
  }
  return largest;
}
