import { imageNetStatistics } from '../../backbone.ts';
import type { BackboneInput } from '../resolve.ts';
import { containerDefaults } from '../containers.ts';
import { isContainer, stepKindRecords, type ContainerStep, type LeafStep, type PipelineStep } from '../steps.ts';
import { onOneLine, type Piece } from './layout.ts';
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

/** A step in a list; one that is turned off stays as a comment. */
export function writeItem(step: PipelineStep, backbone: BackboneWords, prefix = ''): Piece {
  const call = writeStep(step, backbone, prefix);
  return step.isEnabled ? call : `# ${onOneLine(call)},  # turned off`;
}

/** The step as a call of torchvision, `RandomCrop(size=224, padding=4)`; arguments at torchvision's default are left out. */
export function writeStep(step: PipelineStep, backbone: BackboneWords, prefix = ''): Piece {
  if (isContainer(step)) return writeContainer(step, backbone, prefix);
  const items =
    step.kind === 'Normalize' ? statisticsOf(step.parameters.statistics, backbone) : argumentsOf(step, backbone);
  return { open: `${prefix}${step.kind}(`, items, close: ')' };
}

function writeContainer(step: ContainerStep, backbone: BackboneWords, prefix: string): Piece {
  const isTall = step.steps.some(({ isEnabled }) => !isEnabled);
  const items = step.steps.map((inner) => writeItem(inner, backbone, prefix));
  return {
    open: `${prefix}${step.kind}(`,
    items: [{ open: '[', items, close: ']', isTall }, ...probabilitiesOf(step)],
    close: ')',
  };
}

function probabilitiesOf(step: ContainerStep): readonly string[] {
  if (step.kind === 'RandomApply') {
    return step.parameters.p === containerDefaults.RandomApply.p ? [] : [`p=${String(step.parameters.p)}`];
  }
  if (step.kind !== 'RandomChoice' || step.parameters.p === null) return [];
  return [`p=${listOf(step.parameters.p.filter((_weight, at) => step.steps[at]?.isEnabled))}`];
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

function listOf(values: readonly number[]): string {
  return `[${values.map(String).join(', ')}]`;
}
