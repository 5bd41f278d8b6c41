import { describe, expect, it } from 'vitest';
import { isRandomKind, leafKinds, type PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import { resolveSteps } from '../../../src-shared/domain/pipeline/resolve.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import * as library from '../../../src-main/exporters/preprocess-code/library.ts';
import { writeJavaScript } from '../../../src-main/exporters/preprocess-code/write-javascript.ts';
import { describePreprocessing } from '../../../src-main/exporters/preprocessing.ts';
import { applyPipeline } from '../../../src-main/imaging/apply-pipeline.ts';
import type { ImageTensor, RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import { readBackbone } from '../../support/bundled-backbone.ts';

const random = createRandom(5);
const image = { width: 37, height: 23, data: Uint8Array.from({ length: 37 * 23 * 3 }, () => random.integer(256)) };
const fixedKinds = leafKinds.filter((kind) => !isRandomKind(kind));
const { record: backbone } = await readBackbone('efficientnet-lite0');

type Maker = (parameters: unknown) => (value: RgbImage | ImageTensor) => RgbImage | ImageTensor;
// As the generated code does: a name, and parameters that fit it.
const makers = library as unknown as Readonly<Partial<Record<string, Maker>>>;

/** What the library makes of a picture with the steps of an evaluation list. */
function follow(steps: readonly PipelineStep[]): RgbImage | ImageTensor {
  return resolveSteps(steps, backbone).reduce<RgbImage | ImageTensor>((value, { kind, parameters }) => {
    const make = makers[kind];
    if (!make) throw new Error(`The library lacks ${kind}`);
    return make(parameters)(value);
  }, image);
}

describe('the code of an export', () => {
  it.each(fixedKinds)('does %s as the app does', (kind) => {
    const steps = kind === 'Normalize' ? [createStep('ToTensor', 'a'), createStep(kind, 'b')] : [createStep(kind, 'b')];
    const own = applyPipeline(image, resolveSteps(steps, backbone), 0);
    expect(follow(steps)).toEqual(own.type === 'picture' ? own.image : own.tensor);
  });

  it('calls the steps in order with torchvision’s parameters written out', () => {
    const steps = [createStep('Resize', 'a')];
    const code = writeJavaScript(describePreprocessing(steps, backbone), '/* library */');
    expect(code).toContain(
      '[\'Resize\', Resize({ size: 224, interpolation: "bilinear", max_size: null, antialias: true })],',
    );
    expect(code).toContain('/* library */');
  });
});
