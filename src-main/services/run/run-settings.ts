import type { RunRecord } from '../../../src-shared/domain/run.ts';
import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';

/** What a setting can be; null: the run does not have it. */
export type SettingValue = string | number | boolean | null;

/** One setting of two runs that is not the same. */
export interface SettingDifference {
  /** A path such as recipe.learningRate or pipeline.training.3.ColorJitter.hue. */
  readonly setting: string;
  readonly a: SettingValue;
  readonly b: SettingValue;
}

type Settings = ReadonlyMap<string, SettingValue>;

/** Every setting that is not the same in two runs: recipe, pipeline, dataset, backbone, versions and machine. */
export function differingSettings(a: RunRecord, b: RunRecord): readonly SettingDifference[] {
  return [
    ...differences(flatten({ recipe: effectiveRecipe(a) }), flatten({ recipe: effectiveRecipe(b) })),
    ...differences(flatten({ pipeline: { name: a.pipeline.name } }), flatten({ pipeline: { name: b.pipeline.name } })),
    ...stepDifferences('pipeline.training', a.pipeline.training, b.pipeline.training),
    ...stepDifferences('pipeline.evaluation', a.pipeline.evaluation, b.pipeline.evaluation),
    ...differences(flatten(surroundings(a)), flatten(surroundings(b))),
  ];
}

/** The recipe without what its mode does not use, so that a number nobody looked at is no difference. */
function effectiveRecipe({ recipe }: RunRecord): object {
  // The pipeline is compared by its steps, not by the id that it is saved under.
  const { schemaVersion: _version, pipelineId: _pipelineId, headFirst, batchNorm, ...always } = recipe;
  return recipe.mode === 'fine-tuning' ? { ...always, headFirst, batchNorm } : always;
}

function surroundings(record: RunRecord): object {
  // The revision counts changes; what matters of them is in the hash.
  const { revision: _revision, ...dataset } = record.dataset;
  return {
    classes: record.classes.map(({ name }) => name),
    dataset,
    backbone: { sha256: record.backboneSha256 },
    versions: record.versions,
    machine: record.machine,
  };
}

interface PlacedStep {
  /** The kind and how many of its kind came before: what makes two steps the same one. */
  readonly key: string;
  readonly position: number;
  readonly step: PipelineStep;
}

/** Steps are paired by kind, so that one more step at the top does not make all those below it differ. */
function stepDifferences(
  path: string,
  stepsA: readonly PipelineStep[],
  stepsB: readonly PipelineStep[],
): readonly SettingDifference[] {
  const a = placeSteps(stepsA);
  const b = placeSteps(stepsB);
  const keysA = new Set(a.map(({ key }) => key));
  const partners = new Map(a.map((placed) => [placed.key, placed]));
  const inBoth = b.flatMap((placed) => {
    const partner = partners.get(placed.key);
    if (!partner) return [{ setting: settingPath(path, placed), a: null, b: describeStep(placed.step) }];
    const prefix = settingPath(path, placed);
    return differences(flatten(partner.step.parameters, prefix), flatten(placed.step.parameters, prefix));
  });
  const keysB = new Set(b.map(({ key }) => key));
  const onlyA = a.filter(({ key }) => !keysB.has(key));
  const removed = onlyA.map((placed) => ({
    setting: settingPath(path, placed),
    a: describeStep(placed.step),
    b: null,
  }));
  const orderA = orderOf(a.filter(({ key }) => keysB.has(key)));
  const orderB = orderOf(b.filter(({ key }) => keysA.has(key)));
  const order = orderA === orderB ? [] : [{ setting: `${path}.order`, a: orderA, b: orderB }];
  return [...order, ...removed, ...inBoth];
}

function placeSteps(steps: readonly PipelineStep[]): readonly PlacedStep[] {
  const counts = new Map<string, number>();
  return steps
    .filter((step) => step.isEnabled)
    .map((step, index) => {
      const earlier = counts.get(step.kind) ?? 0;
      counts.set(step.kind, earlier + 1);
      return { key: `${step.kind} ${earlier}`, position: index + 1, step };
    });
}

function settingPath(path: string, { position, step }: PlacedStep): string {
  return `${path}.${position}.${step.kind}`;
}

function orderOf(placed: readonly PlacedStep[]): string {
  return placed.map(({ step }) => step.kind).join(', ');
}

function describeStep(step: PipelineStep): string {
  const parameters = [...flatten(step.parameters)].map(([name, value]) => `${name} ${String(value)}`);
  return parameters.length === 0 ? 'on' : parameters.join(', ');
}

function differences(a: Settings, b: Settings): readonly SettingDifference[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((setting) => ({ setting, a: a.get(setting) ?? null, b: b.get(setting) ?? null }))
    .filter((difference) => difference.a !== difference.b);
}

/** Objects become paths; lists become text, as a person writes them. */
function flatten(value: object, prefix = ''): Settings {
  const settings = new Map<string, SettingValue>();
  for (const [name, item] of Object.entries(value) as readonly (readonly [string, unknown])[]) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (Array.isArray(item)) settings.set(path, item.map(String).join(', '));
    else if (typeof item === 'object' && item !== null)
      flatten(item, path).forEach((leaf, key) => settings.set(key, leaf));
    else settings.set(path, toSettingValue(item));
  }
  return settings;
}

function toSettingValue(value: unknown): SettingValue {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? value : null;
}
