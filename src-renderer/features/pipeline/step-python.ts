import { resolveStatistics, type BackboneInput } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';

/** The step as a line of torchvision code; sizes and statistics of the backbone are written out. */
export function pythonOf(step: PipelineStep, backbone: BackboneInput): string {
  if (step.kind === 'Normalize') {
    const { mean, std } = resolveStatistics(step.parameters.statistics, backbone);
    return `Normalize(mean=[${mean.map(short).join(', ')}], std=[${std.map(short).join(', ')}])`;
  }
  const parts = Object.entries(step.parameters).map(([name, value]) => `${name}=${pythonValue(name, value, backbone)}`);
  return `${step.kind}(${parts.join(', ')})`;
}

function pythonValue(name: string, value: unknown, backbone: BackboneInput): string {
  if (value === 'backbone') return String(backbone.inputSize);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `(${value.map(String).join(', ')})`;
  if (typeof value !== 'string') return JSON.stringify(value);
  return name === 'interpolation' ? `InterpolationMode.${value.toUpperCase()}` : `"${value}"`;
}

function short(value: number): string {
  return String(Number(value.toFixed(4)));
}
