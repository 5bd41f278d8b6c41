import type { RunRecord } from '../../../src-shared/domain/run.ts';
import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import { flattenSettings, recipeSettings, type SettingValue } from '../../../src-shared/domain/recipe/settings.ts';

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
    ...differences(recipeSettings(a.recipe), recipeSettings(b.recipe), 'recipe.'),
    ...differences(
      flattenSettings({ pipeline: { name: a.pipeline.name } }),
      flattenSettings({ pipeline: { name: b.pipeline.name } }),
    ),
    ...stepDifferences('pipeline.training', a.pipeline.training, b.pipeline.training),
    ...stepDifferences('pipeline.evaluation', a.pipeline.evaluation, b.pipeline.evaluation),
    ...differences(flattenSettings(surroundings(a)), flattenSettings(surroundings(b))),
  ];
}

function surroundings(record: RunRecord): object {
  // The revision counts changes; what matters of them is in the hash.
  const { revision: _revision, ...dataset } = record.dataset;
  return {
    classes: record.classes.map(({ name }) => name),
    dataset,
    frozenTest: record.frozenTest?.hash ?? null,
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
    return differences(
      flattenSettings(partner.step.parameters, prefix),
      flattenSettings(placed.step.parameters, prefix),
    );
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
  const parameters = [...flattenSettings(step.parameters)].map(([name, value]) => `${name} ${String(value)}`);
  return parameters.length === 0 ? 'on' : parameters.join(', ');
}

function differences(a: Settings, b: Settings, prefix = ''): readonly SettingDifference[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((name) => ({ setting: `${prefix}${name}`, a: a.get(name) ?? null, b: b.get(name) ?? null }))
    .filter((difference) => difference.a !== difference.b);
}
