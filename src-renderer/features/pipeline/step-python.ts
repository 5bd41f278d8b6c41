import type { BackboneInput } from '../../../src-shared/domain/pipeline/resolve.ts';
import { layOut, onOneLine } from '../../../src-shared/domain/pipeline/python/layout.ts';
import { writtenBackbone } from '../../../src-shared/domain/pipeline/python/write-arguments.ts';
import { writeStep } from '../../../src-shared/domain/pipeline/python/write-step.ts';
import { isContainer, type PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';

/** The step as torchvision code, a container with what it holds; sizes and statistics of the backbone are written out, to four digits. */
export function pythonOf(step: PipelineStep, { inputSize, mean, std }: BackboneInput): string {
  const short = ([red, green, blue]: BackboneInput['mean']): BackboneInput['mean'] => [
    Number(red.toFixed(4)),
    Number(green.toFixed(4)),
    Number(blue.toFixed(4)),
  ];
  const piece = writeStep(step, writtenBackbone({ inputSize, mean: short(mean), std: short(std) }));
  return isContainer(step) ? layOut(piece, 0) : onOneLine(piece);
}
