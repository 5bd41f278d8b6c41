import type { BackboneRecord } from '../../../src-shared/domain/backbone.ts';
import type { Pipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import type { TrainingMode } from '../../../src-shared/domain/recipe/recipe.ts';
import { unevenRatio } from '../../../src-shared/domain/quality.ts';
import type { App } from '../../state/app.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';
import { isPipelineFit, type RunImages } from './run-checks.ts';

/** One line of what was looked at before a start; a bad one keeps the run from starting. */
export interface RunCheck {
  readonly id: string;
  readonly tone: 'good' | 'hint' | 'warning' | 'bad';
  readonly text: string;
  readonly link?: { readonly title: string; readonly href: string };
  /** What makes it good, in one click. */
  readonly fix?: { readonly title: string; readonly run: () => void };
}

export interface CheckedRun {
  readonly images: RunImages;
  readonly pipeline: Pipeline;
  readonly backbone: BackboneRecord;
  readonly hasWrongFields: boolean;
  /** Draws all classes as often; null where the recipe does something about uneven classes already. */
  readonly balance: (() => void) | null;
  readonly mode: TrainingMode;
}

/** Everything that decides whether a run can start, and what a person may want to know before it does. */
export function listChecks(app: App, project: ProjectSession, run: CheckedRun): readonly RunCheck[] {
  const { t } = app.i18n;
  const bad = (id: string, text: string): RunCheck => ({ id, tone: 'bad', text });
  return [
    ...checkImages(app, run),
    checkPipeline(app, run),
    ...(run.hasWrongFields ? [bad('fields', t('recipe.fieldsBad'))] : []),
    ...(project.isReadOnly ? [bad('read-only', t('recipe.readOnly'))] : []),
    ...checkRuntime(app, run.mode),
    ...(project.runs.active
      ? [{ id: 'queue', tone: 'hint', text: t('recipe.queued', { name: project.runs.active.name }) } as const]
      : []),
  ];
}

function checkImages({ i18n: { t }, router }: App, { images, balance }: CheckedRun): readonly RunCheck[] {
  const { bySplit, trainingClasses, unlabelled } = images;
  const [most] = trainingClasses;
  const least = trainingClasses.at(-1);
  const checks: RunCheck[] = [];
  if (!most || !least) checks.push({ id: 'training', tone: 'bad', text: t('recipe.noTraining') });
  else if (trainingClasses.length === 1)
    checks.push({ id: 'classes', tone: 'bad', text: t('recipe.oneClass', { name: most.name }) });
  else {
    checks.push({ id: 'classes', tone: 'good', text: t('recipe.classCount', { count: trainingClasses.length }) });
    if (balance && most.count >= unevenRatio * least.count) {
      const facts = { few: least.name, fewCount: least.count, many: most.name, manyCount: most.count };
      const fix = { title: t('recipe.balance'), run: balance };
      checks.push({ id: 'uneven', tone: 'warning', text: t('recipe.uneven', facts), fix });
    }
  }
  if (bySplit.validation === 0) checks.push({ id: 'validation', tone: 'warning', text: t('recipe.noValidation') });
  if (bySplit.test === 0) checks.push({ id: 'test', tone: 'hint', text: t('recipe.noTest') });
  if (unlabelled > 0) {
    const link = { title: t('recipe.labelThem'), href: router.href('images', { label: 'no' }) };
    checks.push({ id: 'unlabelled', tone: 'hint', text: t('recipe.unlabelled', { count: unlabelled }), link });
  }
  return checks;
}

function checkPipeline({ i18n: { t }, router }: App, { pipeline, backbone }: CheckedRun): RunCheck {
  if (isPipelineFit(pipeline, backbone)) return { id: 'pipeline', tone: 'good', text: t('recipe.stepsRun') };
  const href = router.href('pipelines', { pipeline: pipeline.id, backbone: backbone.name });
  const text = t('recipe.stepsBad', { name: pipeline.name });
  return { id: 'pipeline', tone: 'bad', text, link: { title: t('recipe.seePipeline'), href } };
}

function checkRuntime({ i18n: { t }, runtime, router }: App, mode: TrainingMode): readonly RunCheck[] {
  if (mode === 'feature-extraction' && runtime.status?.trainsHeads === true) {
    return [{ id: 'runtime', tone: 'good', text: t('recipe.runtimeHeads') }];
  }
  switch (runtime.status?.state) {
    case undefined:
      return [];
    case 'ready':
      return [{ id: 'runtime', tone: 'good', text: t('recipe.runtimeReady') }];
    case 'not-installed':
    case 'installing':
      return [{ id: 'runtime', tone: 'hint', text: t('recipe.runtimeMissing') }];
    case 'unavailable': {
      const link = { title: t('recipe.seeWhy'), href: router.href('settings') };
      return [{ id: 'runtime', tone: 'bad', text: t('recipe.runtimeUnavailable'), link }];
    }
  }
}
