import * as v from 'valibot';
import { createStep } from '../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps, type ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import type { PipelineStep } from '../../src-shared/domain/pipeline/steps.ts';

/** Lists of steps that `python/pipeline_contender.py` has as torchvision's transforms. */
export const pipelineNameSchema = v.picklist(['classic', 'heavy']);
export type PipelineName = v.InferOutput<typeof pipelineNameSchema>;

/** What a process that runs a pipeline is told; a step of it is a pass over `imagesPerStep` images. */
export const pipelineWorkSchema = v.object({
  pipeline: pipelineNameSchema,
  /** In which every pass begins with nothing kept, or finds what the ones before kept. */
  epoch: v.picklist(['first', 'later']),
  /** A folder of its own for what is kept. */
  folder: v.string(),
  /** Taken one after the other, over and over. */
  files: v.array(v.string()),
  imagesPerStep: v.number(),
  warmUpSteps: v.number(),
});
export type PipelineWork = v.InferOutput<typeof pipelineWorkSchema>;

const backbone = { inputSize: 224, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

export function stepsOf(name: PipelineName): readonly ResolvedStep[] {
  return resolveSteps(lists[name], backbone);
}

const rotation = createStep('RandomRotation', 'rotation');
const jitter = createStep('ColorJitter', 'jitter');
const flip = createStep('RandomHorizontalFlip', 'flip');
const numbers = [createStep('ToTensor', 'tensor'), createStep('Normalize', 'normalize')];

const lists: Readonly<Record<PipelineName, readonly PipelineStep[]>> = {
  classic: [flip, createStep('Resize', 'resize'), createStep('CenterCrop', 'center'), ...numbers],
  heavy: [
    createStep('RandomCrop', 'crop'),
    flip,
    { ...rotation, parameters: { ...rotation.parameters, degrees: 45 } },
    { ...jitter, parameters: { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 } },
    createStep('RandomGrayscale', 'gray'),
    ...numbers,
  ],
};
