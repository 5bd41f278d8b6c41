import { imageNetStatistics, type BackboneRecord, type Rgb } from '../backbone.ts';
import type { ContainerKind, ContainerParameters } from './containers.ts';
import type { Size } from './steps/fields.ts';
import type { Statistics } from './steps/normalize.ts';
import {
  isContainer,
  type ContainerStep,
  type LeafKind,
  type LeafStep,
  type PipelineStep,
  type StepParameters,
} from './steps.ts';

/** Parameters in which nothing refers to the backbone any more. */
export type ResolvedParameters = {
  readonly [K in LeafKind]: K extends 'Normalize'
    ? { readonly mean: Rgb; readonly std: Rgb }
    : 'size' extends keyof StepParameters[K]
      ? Omit<StepParameters[K], 'size'> & { readonly size: ResolvedSize }
      : StepParameters[K];
};
/** One number (meaning as in torchvision) or [height, width], in pixels. */
export type ResolvedSize = number | readonly [number, number];

/** A step that can run without knowing the backbone, and holds no others. */
export type ResolvedLeaf = {
  readonly [K in LeafKind]: { readonly id: string; readonly kind: K; readonly parameters: ResolvedParameters[K] };
}[LeafKind];

/** A container whose steps can run. */
export type ResolvedContainer = {
  readonly [K in ContainerKind]: {
    readonly id: string;
    readonly kind: K;
    readonly parameters: ContainerParameters[K];
    readonly steps: readonly ResolvedStep[];
  };
}[ContainerKind];

/** A step that can run, with all that it holds. */
export type ResolvedStep = ResolvedLeaf | ResolvedContainer;

/** What of a backbone a pipeline can refer to. */
export type BackboneInput = Pick<BackboneRecord, 'inputSize' | 'mean' | 'std'>;

/** The enabled steps with the backbone's sizes and statistics filled in. */
export function resolveSteps(steps: readonly PipelineStep[], backbone: BackboneInput): readonly ResolvedStep[] {
  return steps
    .filter((step) => step.isEnabled)
    .map((step) => (isContainer(step) ? resolveContainer(step, backbone) : resolveLeaf(step, backbone)));
}

/** The enabled steps of a list without randomness, one after the other, taken out of their containers. */
export function resolveStraight(steps: readonly PipelineStep[], backbone: BackboneInput): readonly ResolvedLeaf[] {
  return resolveSteps(steps, backbone).flatMap(straighten);
}

function straighten(step: ResolvedStep): readonly ResolvedLeaf[] {
  if (!isContainer(step)) return [step];
  if (step.kind !== 'Compose') throw new Error(`${step.kind} has no one order`);
  return step.steps.flatMap(straighten);
}

function resolveContainer(step: ContainerStep, backbone: BackboneInput): ResolvedContainer {
  const { id } = step;
  const steps = resolveSteps(step.steps, backbone);
  if (step.kind !== 'RandomChoice')
    return { id, kind: step.kind, parameters: step.parameters, steps } as ResolvedContainer;
  const p = step.parameters.p?.filter((_weight, index) => step.steps[index]?.isEnabled !== false) ?? null;
  return { id, kind: step.kind, parameters: { p }, steps };
}

function resolveLeaf(step: LeafStep, backbone: BackboneInput): ResolvedLeaf {
  const { id, kind } = step;
  // Kind and parameters stay paired here; TypeScript loses the pairing when a union is rebuilt.
  return { id, kind, parameters: resolveParameters(step, backbone) } as ResolvedLeaf;
}

function resolveParameters(step: LeafStep, backbone: BackboneInput): object {
  if (step.kind === 'Normalize') return resolveStatistics(step.parameters.statistics, backbone);
  if (!('size' in step.parameters)) return step.parameters;
  return { ...step.parameters, size: resolveSize(step.parameters.size, backbone) };
}

function resolveSize(size: Size, backbone: BackboneInput): ResolvedSize {
  return size === 'backbone' ? backbone.inputSize : size;
}

/** Mean and std, for pixels in [0, 1], that a Normalize step means with this backbone. */
export function resolveStatistics(
  statistics: Statistics,
  backbone: BackboneInput,
): { readonly mean: Rgb; readonly std: Rgb } {
  if (statistics === 'backbone') return { mean: backbone.mean, std: backbone.std };
  if (statistics === 'imagenet') return imageNetStatistics;
  return { mean: statistics.mean, std: statistics.std };
}
