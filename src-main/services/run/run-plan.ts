import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { BackboneRecord } from '../../../src-shared/domain/backbone.ts';
import type { Dataset, DatasetImage, Split } from '../../../src-shared/domain/dataset.ts';
import type { ClassId, RunId } from '../../../src-shared/domain/ids.ts';
import { checkSteps, type PipelineProblem } from '../../../src-shared/domain/pipeline/check.ts';
import type { Pipeline, PipelinePart } from '../../../src-shared/domain/pipeline/pipeline.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { RunClass, RunRecord } from '../../../src-shared/domain/run.ts';
import { say, type NamedSentence } from '../../../src-shared/domain/sentence.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { JobImage, TrainJob } from '../../jobs/trainer-protocol.ts';
import type { TensorFlowRuntime } from '../../runtime/runtime.ts';
import { hashDataset } from '../dataset/dataset-hash.ts';
import type { BackboneFiles } from '../backbone/backbone-catalog.ts';
import type { RunProject } from './run-ports.ts';

/** What a run is made from, as it is when the run starts. */
export interface RunMaterial {
  readonly project: RunProject;
  readonly recipe: Recipe;
  readonly pipeline: Pipeline;
  readonly backbone: BackboneFiles;
  readonly dataset: Dataset;
}

/** The images of a run with their labels as indices among its classes. */
export interface RunImages {
  readonly classes: readonly RunClass[];
  readonly images: readonly JobImage[];
}

/**
 * Chooses what takes part: classes with training images, and the labelled images of these classes; in a multi-label project all labelled
 * images, also those that have none of the classes.
 */
export function chooseImages(dataset: Dataset, project: RunProject): RunImages {
  return project.labelling === 'multi-label' ? chooseLabelled(dataset, project) : chooseOfOneClass(dataset, project);
}

function chooseOfOneClass(dataset: Dataset, project: RunProject): RunImages {
  const trained = new Set(dataset.images.filter(({ split }) => split === 'training').map(({ classId }) => classId));
  const classes = chooseClasses(dataset, trained);
  const labels = new Map(classes.map(({ id }, index) => [id, index]));
  const images = dataset.images.flatMap((image): JobImage[] => {
    const label = image.classId === null ? undefined : labels.get(image.classId);
    return label === undefined ? [] : [toJobImage(image, label, project)];
  });
  return { classes, images };
}

function chooseLabelled(dataset: Dataset, project: RunProject): RunImages {
  const training = dataset.images.filter(({ split }) => split === 'training');
  const classes = chooseClasses(dataset, new Set(training.flatMap(({ classIds }) => classIds ?? [])));
  const places = new Map(classes.map(({ id }, index) => [id, index]));
  const images = dataset.images.flatMap((image): JobImage[] => {
    if (!image.classIds) return [];
    const labels = image.classIds.flatMap((id) => places.get(id) ?? []);
    return [
      toJobImage(
        image,
        labels.toSorted((a, b) => a - b),
        project,
      ),
    ];
  });
  return { classes, images };
}

function chooseClasses({ classes }: Dataset, trained: ReadonlySet<ClassId | null>): readonly RunClass[] {
  return classes
    .toSorted((a, b) => a.order - b.order)
    .filter(({ id }) => trained.has(id))
    .map(({ id, name }) => ({ id, name }));
}

/** The same images with their labels in the order of these classes, when they are the same; else as they are. */
export function inOrderOf(classes: readonly RunClass[], chosen: RunImages): RunImages {
  const places = new Map(classes.map(({ id }, index) => [id, index]));
  const byName = new Map(classes.map(({ id, name }) => [id, name]));
  const isSame =
    classes.length === chosen.classes.length && chosen.classes.every(({ id, name }) => byName.get(id) === name);
  if (!isSame) return chosen;
  const moved = chosen.classes.map(({ id }) => places.get(id) ?? 0);
  const move = (label: number): number => moved[label] ?? label;
  const moveAll = (label: JobImage['label']): JobImage['label'] =>
    typeof label === 'number' ? move(label) : label.map(move).toSorted((a, b) => a - b);
  return { classes, images: chosen.images.map((image) => ({ ...image, label: moveAll(image.label) })) };
}

function toJobImage({ id, format, split }: DatasetImage, label: JobImage['label'], { paths }: RunProject): JobImage {
  return { imageId: id, path: paths.image(id, format), label, split };
}

/** Throws AppError conflict, saying what to do, when this material cannot train. */
export function assertTrainable({ project, recipe, pipeline, backbone }: RunMaterial, { classes }: RunImages): void {
  if (project.labelling === 'multi-label') assertLabelsTrainable(recipe, classes);
  else if (classes.length < 2) {
    const [only] = classes;
    throw new AppError('conflict', only ? say('onlyOneClass', { name: only.name }) : say('tooFewClasses'));
  }
  assertStage(recipe, backbone.record);
  for (const part of ['training', 'evaluation'] as const) {
    const problem = checkSteps(pipeline[part], part, backbone.record).find(({ severity }) => severity === 'error');
    if (problem)
      throw new AppError('conflict', describeProblem(pipeline, part, problem), { detail: { part, ...problem } });
  }
}

/** One class is enough: an image has it or not. */
function assertLabelsTrainable({ classBalance }: Recipe, classes: readonly RunClass[]): void {
  if (classes.length === 0) throw new AppError('conflict', say('noLabelledImages'));
  if (classBalance === 'balanced-sampling') throw new AppError('conflict', say('samplingNeedsOneClass'));
}

function assertStage({ mode, trainableFrom }: Recipe, { title, stages }: BackboneRecord): void {
  const names = stages.map(({ name }) => name);
  if (mode !== 'fine-tuning' || trainableFrom === null || names.includes(trainableFrom)) return;
  throw new AppError(
    'conflict',
    say('noSuchStage', { backbone: title, stage: trainableFrom, stages: names.join(', ') }),
  );
}

function describeProblem(pipeline: Pipeline, part: PipelinePart, problem: PipelineProblem): NamedSentence {
  const { step, kind } = problem.facts;
  const facts = {
    part: say(part === 'training' ? 'partTraining' : 'partEvaluation'),
    pipeline: pipeline.name,
    problem: sayProblem(problem),
  };
  return step === undefined || kind === undefined
    ? say('pipelineCannotRun', facts)
    : say('pipelineCannotRunAt', { ...facts, step, kind });
}

function sayProblem({ code, facts }: PipelineProblem): NamedSentence {
  const { field = '', expected = '', size = '', width = '', height = '' } = facts;
  switch (code) {
    case 'needs-tensor':
      return say('problemNeedsTensor');
    case 'needs-picture':
      return say('problemNeedsPicture');
    case 'random-in-evaluation':
      return say('problemRandomInEvaluation');
    case 'views-in-training':
      return say('problemViewsInTraining');
    case 'views-twice':
      return say('viewsTwice');
    case 'views-alike':
      return say('problemViewsAlike');
    case 'bad-range':
      return say('problemBadRange', { field, expected });
    case 'no-tensor':
      return say('problemNoTensor');
    case 'no-normalize':
      return say('problemNoNormalize');
    case 'unknown-size':
      return say('problemUnknownSize', { size });
    case 'size-differs':
      return say('problemSizeDiffers', { size, width, height });
    case 'statistics-differ':
      return say('problemStatisticsDiffer');
    case 'twice':
      return say('problemTwice');
    case 'tensor-sometimes':
      return say('problemTensorSometimes', { container: facts.container ?? '' });
    case 'bad-weights':
      return say('problemBadWeights');
    case 'empty-container':
      return say('problemEmptyContainer');
    default:
      return assertNever(code, 'problem');
  }
}

/** What a trainer needs of it, besides a folder to write in. */
export function trainingMaterial(
  { project, recipe, pipeline, backbone }: RunMaterial,
  { classes, images }: RunImages,
  runtime: TensorFlowRuntime | null,
): Omit<TrainJob, 'kind' | 'runFolder'> {
  return {
    ...{ recipe, pipeline, runtime, images },
    ...ofLabelling(project),
    backboneFolder: backbone.folder,
    backbone: backbone.record,
    classNames: classes.map(({ name }) => name),
    featureCacheFolder: project.paths.features,
  };
}

/** Nothing where an image has one class, as in records from before there was another kind. */
function ofLabelling({ labelling }: RunProject): Pick<RunRecord, 'labelling'> {
  return labelling === 'multi-label' ? { labelling } : {};
}

interface RecordFacts {
  readonly id: RunId;
  readonly number: number;
  readonly createdAt: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: Readonly<Record<string, string>>;
  readonly frozenTest: RunRecord['frozenTest'];
}

/** The record of a run that waits to start. */
export function planRecord(material: RunMaterial, chosen: RunImages, facts: RecordFacts): RunRecord {
  const { project, recipe, pipeline, backbone, dataset } = material;
  return {
    schemaVersion: 1,
    ...facts,
    projectId: project.id,
    name: suggestName(recipe, backbone.record),
    ...ofLabelling(project),
    recipe,
    continues: null,
    continuesAfter: null,
    plannedBatchSize: null,
    smallerBatchSize: null,
    stageCache: null,
    pipeline,
    classes: chosen.classes,
    dataset: describeDataset(dataset, chosen),
    backboneSha256: backbone.record.sha256,
    endedAt: null,
    status: 'queued',
    reason: null,
    result: null,
    bestEpoch: null,
    seconds: null,
  };
}

/** The images that take part: how many, and a hash by which they are known again. */
export function describeDataset(dataset: Dataset, { images }: RunImages): RunRecord['dataset'] {
  const takesPart = new Set(images.map(({ imageId }) => imageId));
  const count = (split: Split): number => images.filter((image) => image.split === split).length;
  return {
    revision: dataset.revision,
    hash: hashDataset({ classes: dataset.classes, images: dataset.images.filter(({ id }) => takesPart.has(id)) }),
    training: count('training'),
    validation: count('validation'),
    test: count('test'),
  };
}

/** For example “Lite0, head only” or “Lite0, from block6”. */
function suggestName({ mode, trainableFrom }: Recipe, { title }: BackboneRecord): string {
  const short = title.split(/[\s-]/).at(-1) ?? title;
  if (mode === 'feature-extraction') return `${short}, head only`;
  return `${short}, ${trainableFrom === null ? 'all stages' : `from ${trainableFrom}`}`;
}
