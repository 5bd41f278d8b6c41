import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { PreprocessingProof } from '../../../src-shared/domain/export.ts';
import type { ResolvedLeaf } from '../../../src-shared/domain/pipeline/resolve.ts';
import { viewCountOf } from '../../../src-shared/domain/pipeline/views.ts';
import { tracePipeline } from '../../imaging/trace-pipeline.ts';
import { tensorsOf, viewsOf, type StepValue } from '../../imaging/step.ts';
import type { ImageTensor, RgbImage } from '../../imaging/kernels/rgb-image.ts';

type Made = RgbImage | ImageTensor;
/** One picture, or its views. */
type ExportedValue = Made | readonly Made[];

/** What preprocess.mjs exports. */
interface ExportedCode {
  readonly steps: readonly (readonly [kind: string, apply: (value: ExportedValue) => ExportedValue])[];
  readonly preprocess: (image: RgbImage) => Float32Array;
  /** Where there are views. */
  readonly average?: (probabilities: Float32Array) => Float32Array;
}

/** Most grey levels, and most of the numbers after ToTensor, by which code and app may differ. */
const tolerance = { greyLevels: 1, numbers: 1e-5 } as const;

/** What the network says of the views of a picture, a row each, and what the app makes of it. */
interface Judged {
  readonly rows: Float32Array;
  readonly mean: Float32Array;
}

/** Compares the exported preprocess.mjs with the app's own steps, picture by picture, and the averaging of views with the app's. */
export interface PreprocessingCheck {
  add(image: RgbImage, judged: Judged): void;
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
  const code = (await import(file.href)) as ExportedCode;
  const hasViews = viewCountOf(steps) > 1;
  if (code.steps.map(([kind]) => kind).join() !== steps.map(({ kind }) => kind).join() || hasViews !== !!code.average) {
    throw new AppError('export-differs', 'preprocess.mjs has other steps than the evaluation pipeline.');
  }
  const checked: { kind: string; maxDifference: number }[] = steps.map(({ kind }) => ({ kind, maxDifference: 0 }));
  const averaged = { kind: 'average', maxDifference: 0 };
  if (code.average) checked.push(averaged);
  let isPassed = true;
  const note = (entry: { maxDifference: number } | undefined, difference: number, most: number): void => {
    if (entry) entry.maxDifference = Math.max(entry.maxDifference, difference);
    isPassed &&= difference <= most;
  };
  return {
    add(image, { rows, mean }) {
      let value: ExportedValue = image;
      let own: StepValue | null = null;
      for (const [index, traced] of tracePipeline(image, steps, 0).entries()) {
        if (traced.status !== 'done') return;
        value = code.steps[index]![1](value);
        own = traced.value;
        const isPicture = viewsOf(own).every(({ type }) => type === 'picture');
        note(checked[index], largestDifference(own, value), isPicture ? tolerance.greyLevels : tolerance.numbers);
      }
      // The numbers as they are handed to the network, which are those of the last step.
      if (own) note(checked[steps.length - 1], joinedDifference(own, code.preprocess(image)), tolerance.numbers);
      if (code.average) note(averaged, differenceOf(mean, code.average(rows)), tolerance.numbers);
    },
    proof: () => ({ steps: checked.map((entry) => ({ ...entry })), tolerance: tolerance.greyLevels, isPassed }),
  };
}

/** Another size, or another number of views, is as different as bytes can be. */
function largestDifference(expected: StepValue, exported: ExportedValue): number {
  const views = Array.isArray(exported) ? (exported as readonly Made[]) : [exported as Made];
  const own = viewsOf(expected).map((view) => (view.type === 'picture' ? view.image : view.tensor));
  if (views.length !== own.length) return 255;
  return Math.max(
    ...own.map((view, index) => {
      const other = views[index]!;
      return view.width === other.width ? differenceOf(view.data, other.data) : 255;
    }),
  );
}

function joinedDifference(expected: StepValue, numbers: Float32Array): number {
  const tensors = tensorsOf(expected);
  const length = tensors[0]?.data.length ?? 0;
  if (numbers.length !== tensors.length * length) return 255;
  return Math.max(
    ...tensors.map(({ data }, view) => differenceOf(data, numbers.subarray(view * length, (view + 1) * length))),
  );
}

function differenceOf(expected: Uint8Array | Float32Array, exported: Uint8Array | Float32Array): number {
  if (expected.length !== exported.length) return 255;
  let largest = 0;
  for (let index = 0; index < expected.length; index += 1) {
    largest = Math.max(largest, Math.abs(expected[index]! - exported[index]!));
  }
  return largest;
}
