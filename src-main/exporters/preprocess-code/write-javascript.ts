import { resolveStraight } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { Preprocessing } from '../preprocessing.ts';

/**
 * preprocess.mjs: the record of preprocess.json as a module that imports nothing, for browsers and Node.
 *
 * `library` is the built library.ts, whose functions the steps call. The module also exports its steps one by one, so that
 * they can be checked one by one.
 */
export function writeJavaScript({ input, steps, backbone }: Preprocessing, library: string): string {
  const lines = resolveStraight(steps, backbone).map(
    ({ kind, parameters }) => `  ['${kind}', ${kind}(${literal(parameters)})],`,
  );
  return `/**
 * What happens to a picture before the model sees it, as Graft did it in training and evaluation. Names and parameters are
 * torchvision's, results those of its transforms on PIL images.
 *
 *     const input = preprocess(fromImageData(context.getImageData(0, 0, canvas.width, canvas.height)));
 *     model.predict(tf.tensor4d(input, [1, ${input.height}, ${input.width}, 3]));
 */

/** Name and function of each step: the first takes { width, height, data }, RGB bytes row by row, each further one what the one before made. */
export const steps = [
${lines.join('\n')}
];

/** The network's input for a picture: ${input.height} × ${input.width} × 3 numbers, row by row. */
export function preprocess(image) {
  return steps.reduce((value, [, apply]) => apply(value), image).data;
}

${library}`;
}

/** A value as JavaScript; a record without content as no argument. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${literal(field)}`);
  return fields.length === 0 ? '' : `{ ${fields.join(', ')} }`;
}
