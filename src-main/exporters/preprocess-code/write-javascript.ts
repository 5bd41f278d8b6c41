import { resolveStraight } from '../../../src-shared/domain/pipeline/resolve.ts';
import { viewsOfKind } from '../../../src-shared/domain/pipeline/steps.ts';
import { viewCountOf } from '../../../src-shared/domain/pipeline/views.ts';
import type { Preprocessing } from '../preprocessing.ts';

/**
 * preprocess.mjs: the record of preprocess.json as a module that imports nothing, for browsers and Node.
 *
 * `library` is the built library.ts, whose functions the steps call. The module also exports its steps one by one, so that
 * they can be checked one by one.
 */
export function writeJavaScript({ input, steps, backbone }: Preprocessing, library: string): string {
  const viewCount = viewCountOf(steps);
  const shape = `[${viewCount}, ${input.height}, ${input.width}, 3]`;
  const resolved = resolveStraight(steps, backbone);
  const viewsStep = resolved.findIndex(({ kind }) => viewsOfKind(kind) > 1);
  const lines = resolved.map(({ kind, parameters }, index) => {
    const apply = `${kind}(${literal(parameters)})`;
    return `  ['${kind}', ${viewsStep !== -1 && index > viewsStep ? `eachView(${apply})` : apply}],`;
  });
  return `/**
 * What happens to a picture before the model sees it, as Graft did it in training and evaluation. Names and parameters are
 * torchvision's, results those of its transforms on PIL images.
 *
 *     const input = preprocess(fromImageData(context.getImageData(0, 0, canvas.width, canvas.height)));
${usage(viewCount, shape)}
 */

/** Name and function of each step: the first takes { width, height, data }, RGB bytes row by row, each further one what the one before made. */
export const steps = [
${lines.join('\n')}
];

${viewCount > 1 ? preprocessViews(viewCount, shape) : preprocessOne(shape)}

${library}`;
}

function usage(viewCount: number, shape: string): string {
  const predict = `model.predict(tf.tensor4d(input, ${shape}))`;
  if (viewCount === 1) return ` *     ${predict};`;
  return ` *     const probabilities = average(await ${predict}.data());
 *
 * The steps make ${viewCount} views of a picture; what the model says of it is the mean of what it says of them.`;
}

function preprocessOne(shape: string): string {
  return `/** The network's input for a picture: ${numbersOf(shape)} numbers, row by row. */
export function preprocess(image) {
  return steps.reduce((value, [, apply]) => apply(value), image).data;
}`;
}

function preprocessViews(viewCount: number, shape: string): string {
  return `/** The network's input for a picture: ${viewCount} views of ${numbersOf(shape)} numbers, one view after the other. */
export function preprocess(image) {
  return joinViews(steps.reduce((value, [, apply]) => apply(value), image));
}

/** One probability a class, of the rows that the model answers for the views of a picture. */
export function average(probabilities) {
  return averageOfViews(probabilities, ${viewCount});
}`;
}

function numbersOf(shape: string): string {
  return shape.slice(1, -1).split(', ').slice(1).join(' × ');
}

/** A value as JavaScript; a record without content as no argument. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${literal(field)}`);
  return fields.length === 0 ? '' : `{ ${fields.join(', ')} }`;
}
