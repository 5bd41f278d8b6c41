import * as v from 'valibot';
import { imageNetStatistics, rgbSchema, type Rgb } from './backbone.ts';

/** What keras.applications call their `preprocess_input` modes, and the two plain ranges. */
export const inputScalingNames = ['tf', 'torch', 'caffe', '0-255', '0-1'] as const;

/** What a model of somebody else expects of pixels. */
export const inputScalingSchema = v.union([
  v.picklist(inputScalingNames),
  v.pipe(
    v.strictObject({
      mean: rgbSchema,
      std: v.pipe(
        rgbSchema,
        v.check((std) => std.every((value) => value > 0), 'Expected numbers above 0'),
      ),
    }),
    v.readonly(),
  ),
]);
export type InputScaling = v.InferOutput<typeof inputScalingSchema>;

/** Input = (pixel − mean) / std for pixels in [0, 1], in the order red, green, blue. */
export interface InputStatistics {
  readonly mean: Rgb;
  readonly std: Rgb;
}

/**
 * The statistics that a scaling stands for, as in keras/src/applications/imagenet_utils.py.
 *
 * `caffe` also expects blue, green, red, which statistics cannot say: see `isBlueFirst`.
 */
export function statisticsOf(scaling: InputScaling): InputStatistics {
  switch (scaling) {
    case 'tf':
      return { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
    case 'torch':
      return imageNetStatistics;
    case 'caffe':
      return { mean: [123.68 / 255, 116.779 / 255, 103.939 / 255], std: [1 / 255, 1 / 255, 1 / 255] };
    case '0-255':
      return { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };
    case '0-1':
      return { mean: [0, 0, 0], std: [1, 1, 1] };
    default:
      return scaling;
  }
}

/** Whether the model expects its channels as blue, green, red. */
export function isBlueFirst(scaling: InputScaling): boolean {
  return scaling === 'caffe';
}

/** Families of keras.applications by the beginning of their models' names, most particular first, with their `preprocess_input` mode. */
const familyScalings: readonly (readonly [RegExp, InputScaling])[] = [
  [/^resnet\d+v2/u, 'tf'],
  [/^(resnet|vgg)\d/u, 'caffe'],
  [/^densenet/u, 'torch'],
  [/^(mobilenet_|mobilenetv2|inception|xception|nasnet)/u, 'tf'],
  [/^(efficientnet|mobilenetv3|convnext|regnet)/u, '0-255'],
];

/** What a model expects, by its name in model.json; null when its family is not known. One that prepares its images itself takes them as they are. */
export function suggestScaling(modelName: string, hasOwnPreprocessing: boolean): InputScaling | null {
  if (hasOwnPreprocessing) return '0-255';
  const name = modelName.toLowerCase();
  return familyScalings.find(([family]) => family.test(name))?.[1] ?? null;
}
