import type { BackboneInput } from '../../../src-shared/domain/pipeline/resolve.ts';
import { onOneLine } from '../../../src-shared/domain/pipeline/python/layout.ts';
import { writeStep, writtenBackbone } from '../../../src-shared/domain/pipeline/python/write-step.ts';
import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';

/** The step as a line of torchvision code; sizes and statistics of the backbone are written out, to four digits. */
export function pythonOf(step: PipelineStep, { inputSize, mean, std }: BackboneInput): string {
  const short = ([red, green, blue]: BackboneInput['mean']): BackboneInput['mean'] => [
    Number(red.toFixed(4)),
    Number(green.toFixed(4)),
    Number(blue.toFixed(4)),
  ];
  return onOneLine(writeStep(step, writtenBackbone({ inputSize, mean: short(mean), std: short(std) })));
}
