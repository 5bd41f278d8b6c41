import * as v from 'valibot';
import { pipelineIdSchema, type PipelineId } from '../ids.ts';
import { deepestNesting, isContainerKind, nestsAtMost } from './containers.ts';
import { placeSteps } from './step-tree.ts';
import {
  isContainer,
  isRandomKind,
  pipelineStepSchema,
  defaultsOf,
  type PipelineStep,
  type StepKind,
  type StepOf,
} from './steps.ts';

const mostSteps = 60;

/** A list of steps: not too deep, not too long, each with an id of its own, however deep it stands. */
export const stepListSchema = v.pipe(
  // First of all, because reading what is nested without end would not end well.
  v.custom<readonly PipelineStep[]>(
    (steps) => nestsAtMost(steps, deepestNesting),
    `Expected ‹at most ${deepestNesting} containers inside one another›`,
  ),
  v.array(pipelineStepSchema),
  v.check(
    (steps) => placeSteps(steps).length <= mostSteps,
    `Expected ‹at most ${mostSteps} steps, those in containers included›`,
  ),
  v.check(
    (steps) => repeatedIds(steps).length === 0,
    ({ input }) => `Expected ‹an id for each step›, received ‹${repeatedIds(input).join(', ')}› twice`,
  ),
  v.readonly(),
);

function repeatedIds(steps: readonly PipelineStep[]): readonly string[] {
  const ids = placeSteps(steps).map(({ step }) => step.id);
  return ids.filter((id, index) => ids.indexOf(id) < index);
}

/** What happens to each image: one ordered list for training, one without randomness for evaluation. */
export const pipelineSchema = v.pipe(
  v.strictObject({
    schemaVersion: v.literal(1),
    id: pipelineIdSchema,
    name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80)),
    training: stepListSchema,
    evaluation: stepListSchema,
  }),
  v.readonly(),
);
export type Pipeline = v.InferOutput<typeof pipelineSchema>;

/** Which of a pipeline's two lists is meant. */
export const pipelinePartSchema = v.picklist(['training', 'evaluation']);
export type PipelinePart = v.InferOutput<typeof pipelinePartSchema>;

/** A step of this kind with torchvision's defaults; a container is empty. */
export function createStep<K extends StepKind>(kind: K, id: string): StepOf<K> {
  const inside = isContainerKind(kind) ? { steps: [] } : {};
  // The mapped types of kind and parameters match by construction, which TypeScript cannot follow for a generic kind.
  return { id, kind, isEnabled: true, parameters: defaultsOf(kind), ...inside } as unknown as StepOf<K>;
}

/** The classic tutorial list: flip, shorter side to the input size, centre square, tensor, the backbone's statistics. */
export const classicTraining: readonly PipelineStep[] = (
  ['RandomHorizontalFlip', 'Resize', 'CenterCrop', 'ToTensor', 'Normalize'] as const
).map((kind) => createStep(kind, kind.toLowerCase()));

export function classicPipeline(id: PipelineId, name: string): Pipeline {
  const evaluation = deriveEvaluation(classicTraining);
  return { schemaVersion: 1, id, name, training: classicTraining, evaluation };
}

/**
 * The evaluation list that fits a training list: the same steps without the random ones; random crops become CenterCrop, RandomOrder the
 * order in which its steps are listed.
 */
export function deriveEvaluation(training: readonly PipelineStep[]): readonly PipelineStep[] {
  return derive(training, new Set(placeSteps(training).map(({ step }) => step.id)));
}

/** New steps get ids that are not among `ids`, and join them. */
function derive(training: readonly PipelineStep[], ids: Set<string>): readonly PipelineStep[] {
  return training.flatMap((step): PipelineStep[] => {
    if (step.kind === 'Compose' || step.kind === 'RandomOrder') {
      const steps = derive(step.steps, ids);
      return steps.length === 0 ? [] : [{ ...step, kind: 'Compose', steps }];
    }
    if (step.kind === 'RandomCrop') return [centerCropFor(step)];
    if (step.kind === 'RandomResizedCrop') {
      const id = freeId('resize', ids);
      ids.add(id);
      return [resizeFor(step, id), centerCropFor(step)];
    }
    return isRandomKind(step.kind) ? [] : [step];
  });
}

function centerCropFor({
  id,
  isEnabled,
  parameters,
}: StepOf<'RandomCrop' | 'RandomResizedCrop'>): StepOf<'CenterCrop'> {
  return { id, kind: 'CenterCrop', isEnabled, parameters: { size: parameters.size } };
}

/** So large that the crop after it loses only what the longer side has more: the crop's own size, which follows a backbone. */
function resizeFor({ isEnabled, parameters }: StepOf<'RandomResizedCrop'>, id: string): StepOf<'Resize'> {
  const { size, interpolation, antialias } = parameters;
  const shorterSide = typeof size === 'object' ? Math.max(...size) : size;
  return { id, kind: 'Resize', isEnabled, parameters: { size: shorterSide, interpolation, max_size: null, antialias } };
}

/** `base` where no step has it, else the first of base-2, base-3 … */
export function freeId(base: string, taken: ReadonlySet<string>): string {
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}-${count}`;
  return id;
}

/** True when two images can get different results from this list, or one image from two draws. */
export function hasRandomSteps(steps: readonly PipelineStep[]): boolean {
  return steps.some(
    (step) => step.isEnabled && (isRandomKind(step.kind) || (isContainer(step) && hasRandomSteps(step.steps))),
  );
}
