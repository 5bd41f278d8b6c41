import * as v from 'valibot';
import { pipelineIdSchema, type PipelineId } from '../ids.ts';
import {
  isRandomKind,
  pipelineStepSchema,
  stepKindRecords,
  type PipelineStep,
  type StepKind,
  type StepOf,
} from './steps.ts';

/** What happens to each image: one ordered list for training, one without randomness for evaluation. */
export const pipelineSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(1),
    id: pipelineIdSchema,
    name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)),
    training: v.pipe(v.array(pipelineStepSchema), v.maxLength(60), v.readonly()),
    evaluation: v.pipe(v.array(pipelineStepSchema), v.maxLength(60), v.readonly()),
  }),
  v.readonly(),
);
export type Pipeline = v.InferOutput<typeof pipelineSchema>;

/** Which of a pipeline's two lists is meant. */
export const pipelinePartSchema = v.picklist(['training', 'evaluation']);
export type PipelinePart = v.InferOutput<typeof pipelinePartSchema>;

/** A step of this kind with torchvision's defaults. */
export function createStep<K extends StepKind>(kind: K, id: string): StepOf<K> {
  return { id, kind, isEnabled: true, parameters: stepKindRecords[kind].defaults };
}

/** The classic tutorial list: flip, shorter side to the input size, centre square, tensor, the backbone's statistics. */
export function classicPipeline(id: PipelineId, name: string): Pipeline {
  const training = (['RandomHorizontalFlip', 'Resize', 'CenterCrop', 'ToTensor', 'Normalize'] as const).map(
    (kind): PipelineStep => createStep(kind, kind.toLowerCase()),
  );
  return { schemaVersion: 1, id, name, training, evaluation: deriveEvaluation(training) };
}

/** The evaluation list that fits a training list: the same steps without the random ones; RandomCrop becomes CenterCrop. */
export function deriveEvaluation(training: readonly PipelineStep[]): readonly PipelineStep[] {
  return training.flatMap((step): PipelineStep[] => {
    if (step.kind === 'RandomCrop') {
      return [
        { id: step.id, kind: 'CenterCrop', isEnabled: step.isEnabled, parameters: { size: step.parameters.size } },
      ];
    }
    return isRandomKind(step.kind) ? [] : [step];
  });
}

/** True when two images can get different results from this list, or one image from two draws. */
export function hasRandomSteps(steps: readonly PipelineStep[]): boolean {
  return steps.some((step) => step.isEnabled && isRandomKind(step.kind));
}
