import { imageNetStatistics } from '../../backbone.ts';
import type { BackboneInput } from '../resolve.ts';
import { stepKindRecords, type LeafStep, type PipelineStep } from '../steps.ts';
import { backboneNames, requiredArguments } from './names.ts';

/** What the backbone's size and statistics are written as. */
export interface BackboneWords {
  readonly size: string;
  readonly mean: string;
  readonly std: string;
}

/** By the names that a program gives them. */
export const namedBackbone: BackboneWords = backboneNames;

/** By their values. */
export function writtenBackbone({ inputSize, mean, std }: BackboneInput): BackboneWords {
  return { size: String(inputSize), mean: listOf(mean), std: listOf(std) };
}

/** The arguments of a step that holds no others, `size=224`; those at torchvision's default are left out. */
export function writeArguments(step: LeafStep, backbone: BackboneWords): readonly string[] {
  return step.kind === 'Normalize' ? statisticsOf(step.parameters.statistics, backbone) : argumentsOf(step, backbone);
}

function argumentsOf(step: LeafStep, backbone: BackboneWords): readonly string[] {
  const required = requiredArguments[step.kind] ?? [];
  const defaults: Readonly<Record<string, unknown>> = { ...stepKindRecords[step.kind].defaults };
  return Object.entries(step.parameters)
    .filter(([name, value]) => required.includes(name) || JSON.stringify(value) !== JSON.stringify(defaults[name]))
    .map(([name, value]) => {
      const isFloat = step.kind === 'ElasticTransform' && (name === 'alpha' || name === 'sigma');
      return `${name}=${isFloat ? writeFloats(value) : writeValue(name, value, backbone)}`;
    });
}

/** Where torchvision refuses whole numbers. */
function writeFloats(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(writeFloats).join(', ')})`;
  return Number.isInteger(value) ? `${String(value)}.0` : String(value);
}

type Normalization = Extract<PipelineStep, { kind: 'Normalize' }>['parameters']['statistics'];

function statisticsOf(statistics: Normalization, backbone: BackboneWords): readonly string[] {
  if (statistics === 'backbone') return [`mean=${backbone.mean}`, `std=${backbone.std}`];
  const { mean, std } = statistics === 'imagenet' ? imageNetStatistics : statistics;
  return [`mean=${listOf(mean)}`, `std=${listOf(std)}`];
}

/** Enumerations of torchvision, by the argument that takes them. */
const enumerations: ReadonlyMap<string, string> = new Map([
  ['interpolation', 'InterpolationMode'],
  ['policy', 'AutoAugmentPolicy'],
]);

function writeValue(name: string, value: unknown, backbone: BackboneWords): string {
  if (value === 'backbone') return backbone.size;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `(${value.map((item) => writeValue('', item, backbone)).join(', ')})`;
  if (typeof value !== 'string') return JSON.stringify(value);
  const enumeration = enumerations.get(name);
  return enumeration === undefined ? `"${value}"` : `${enumeration}.${value.toUpperCase()}`;
}

/** Numbers as a list. */
export function listOf(values: readonly number[]): string {
  return `[${values.map(String).join(', ')}]`;
}
