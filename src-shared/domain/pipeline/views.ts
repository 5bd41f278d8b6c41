import { createStep, freeId } from './pipeline.ts';
import { placeSteps } from './step-tree.ts';
import { isContainer, viewsOfKind, type PipelineStep, type StepKind, type StepOf } from './steps.ts';

/** The steps that make several views of one picture, from the fewest to the most. */
export const viewsKinds = ['FlipViews', 'FiveCrop', 'TenCrop'] as const;
export type ViewsKind = (typeof viewsKinds)[number];

/** A step as it is stored or as it runs; one that runs is used. */
interface AnyStep {
  readonly kind: StepKind;
  readonly isEnabled?: boolean;
  readonly steps?: readonly AnyStep[];
}

/** How many views of each picture a list makes: 1 without test-time augmentation. Steps that are switched off make none. */
export function viewCountOf(steps: readonly AnyStep[]): number {
  return steps
    .filter(({ isEnabled = true }) => isEnabled)
    .reduce((count, { kind, steps: inner = [] }) => count * viewsOfKind(kind) * viewCountOf(inner), 1);
}

/** The kind of the step that makes the views of an evaluation list; null without test-time augmentation. */
export function viewsKindOf(evaluation: readonly PipelineStep[]): ViewsKind | null {
  const used = placeSteps(evaluation).filter(({ isUsed }) => isUsed);
  return viewsKinds.find((kind) => used.some(({ step }) => step.kind === kind)) ?? null;
}

/** torchvision's references crop 224 of 256 pixels: crops of one size with the shorter side would all show the same of a square picture. */
const sideForCrops = 256 / 224;

/**
 * An evaluation list with other test-time augmentation, or without it (null): crops take the place of CenterCrop, and an input-sized Resize
 * before them gets larger; mirroring comes before ToTensor.
 */
export function chooseViews(
  evaluation: readonly PipelineStep[],
  kind: ViewsKind | null,
  inputSize: number,
): readonly PipelineStep[] {
  const plain = evaluation.flatMap(withoutViews);
  if (kind === null) return plain;
  const id = freeId(kind.toLowerCase(), new Set(placeSteps(plain).map(({ step }) => step.id)));
  if (kind === 'FlipViews') return insertBeforeTensor(plain, createStep(kind, id));
  const crop = plain.find(isUsedCenterCrop);
  const size = crop?.parameters.size ?? 'backbone';
  const made = createStep(kind, id);
  const views = { ...made, parameters: { ...made.parameters, size } } as PipelineStep;
  if (!crop) return insertBeforeTensor(plain, views);
  const at = plain.indexOf(crop);
  const sizePx = size === 'backbone' ? inputSize : size;
  return plain.flatMap((step, index) => {
    if (index === at) return [views];
    return index < at && typeof sizePx === 'number' ? [withRoom(step, sizePx, inputSize)] : [step];
  });
}

function withoutViews(step: PipelineStep): readonly PipelineStep[] {
  if (step.kind === 'FlipViews') return [];
  if (step.kind === 'FiveCrop' || step.kind === 'TenCrop') {
    const { id, isEnabled } = step;
    return [{ id, kind: 'CenterCrop', isEnabled, parameters: { size: step.parameters.size } }];
  }
  return [isContainer(step) ? { ...step, steps: step.steps.flatMap(withoutViews) } : step];
}

function isUsedCenterCrop(step: PipelineStep): step is StepOf<'CenterCrop'> {
  return step.kind === 'CenterCrop' && step.isEnabled;
}

/** Resize to the crops' own size leaves them no room on the shorter side. */
function withRoom(step: PipelineStep, sizePx: number, inputSize: number): PipelineStep {
  if (step.kind !== 'Resize') return step;
  const { size } = step.parameters;
  const isSame = size === sizePx || (size === 'backbone' && inputSize === sizePx);
  if (!isSame) return step;
  return { ...step, parameters: { ...step.parameters, size: Math.round(sizePx * sideForCrops) } };
}

function insertBeforeTensor(steps: readonly PipelineStep[], step: PipelineStep): readonly PipelineStep[] {
  const toTensor = steps.findIndex(({ kind }) => kind === 'ToTensor');
  return steps.toSpliced(toTensor === -1 ? steps.length : toTensor, 0, step);
}
