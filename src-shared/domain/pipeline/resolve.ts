import { imageNetStatistics, type BackboneRecord, type Rgb } from '../backbone.ts';
import type { Size } from './steps/fields.ts';
import type { Statistics } from './steps/normalize.ts';
import type { PipelineStep, StepKind, StepParameters } from './steps.ts';

/** Parameters in which nothing refers to the backbone any more. */
export type ResolvedParameters = {
  readonly [K in StepKind]: K extends 'Normalize'
    ? { readonly mean: Rgb; readonly std: Rgb }
    : 'size' extends keyof StepParameters[K]
      ? Omit<StepParameters[K], 'size'> & { readonly size: ResolvedSize }
      : StepParameters[K];
};
/** One number (meaning as in torchvision) or [height, width], in pixels. */
export type ResolvedSize = number | readonly [number, number];

/** A step that can run without knowing the backbone. */
export type ResolvedStep = {
  readonly [K in StepKind]: { readonly id: string; readonly kind: K; readonly parameters: ResolvedParameters[K] };
}[StepKind];

/** What of a backbone a pipeline can refer to. */
export type BackboneInput = Pick<BackboneRecord, 'inputSize' | 'mean' | 'std'>;

/** The enabled steps with the backbone's sizes and statistics filled in. */
export function resolveSteps(steps: readonly PipelineStep[], backbone: BackboneInput): readonly ResolvedStep[] {
  return steps.filter((step) => step.isEnabled).map((step) => resolveStep(step, backbone));
}

function resolveStep(step: PipelineStep, backbone: BackboneInput): ResolvedStep {
  const { id, kind } = step;
  // Kind and parameters stay paired here; TypeScript loses the pairing when a union is rebuilt.
  return { id, kind, parameters: resolveParameters(step, backbone) } as ResolvedStep;
}

function resolveParameters(step: PipelineStep, backbone: BackboneInput): object {
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
