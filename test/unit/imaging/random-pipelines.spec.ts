import { expect, test } from 'vitest';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { isContainerKind } from '../../../src-shared/domain/pipeline/containers.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps } from '../../../src-shared/domain/pipeline/resolve.ts';
import { placeSteps } from '../../../src-shared/domain/pipeline/step-tree.ts';
import {
  stepKindRecords,
  stepKinds,
  type LeafKind,
  type LeafStep,
  type PipelineStep,
  type StepKind,
} from '../../../src-shared/domain/pipeline/steps.ts';
import { createRandom, type Random } from '../../../src-shared/lib/seeded-random.ts';
import type { ImageSize, RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import { viewsOf, type SingleValue, type StepValue } from '../../../src-main/imaging/step.ts';
import { tracePipeline, type TracedStep } from '../../../src-main/imaging/trace-pipeline.ts';
import { oddPictures } from '../../support/odd-pictures.ts';
import { valueOf } from '../../support/schema-values.ts';

// GRAFT_RANDOM_PIPELINES=10000 for a long run.
const count = Number(process.env['GRAFT_RANDOM_PIPELINES'] ?? 500);
const backbone = { inputSize: 32, mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3] } as const;
const pictures = Object.entries(await oddPictures());

test(
  `${count} random pipelines of all kinds make what they say, or an error that names the step`,
  { timeout: count * 1000 },
  () => {
    const ran = new Set<StepKind>();
    for (let seed = 0; seed < count; seed += 1) {
      const random = createRandom(`pipeline/${seed}`);
      const [name, image] = pictures[seed % pictures.length]!;
      const steps = randomSteps(random);
      try {
        for (const kind of check(image, steps, seed)) ran.add(kind);
      } catch (error) {
        throw new Error(`Seed ${seed}, ${name}: ${JSON.stringify(steps)}`, { cause: error });
      }
    }
    expect([...ran].sort()).toEqual([...stepKinds].sort());
  },
);

/** Throws where a step made something else than it should; answers the kinds that ran. */
function check(image: RgbImage, steps: readonly PipelineStep[], seed: number): readonly StepKind[] {
  const all = flat(tracePipeline(image, resolveSteps(steps, backbone), seed));
  const kinds = new Map(placeSteps(steps).map(({ step }) => [step.id, step] as const));
  for (const traced of all) {
    if (traced.status === 'failed') {
      expect(traced.error).toBeInstanceOf(AppError);
      const { stepId, kind } = traced.error.detail as { stepId: string; kind: string };
      expect(kinds.get(stepId)?.kind).toBe(kind);
      expect(traced.error.message).toContain(kind);
    } else if (traced.status === 'done') {
      viewsOf(traced.value).forEach(checkValue);
      const own = kinds.get(traced.step.id);
      if (own && !('steps' in own)) checkSize(own, traced.before[0]!, traced.value);
    }
  }
  return all.filter(({ status }) => status === 'done').map(({ step }) => step.kind);
}

function flat(traced: readonly TracedStep[]): readonly TracedStep[] {
  return traced.flatMap((one) => [one, ...flat(one.steps)]);
}

function checkValue(value: SingleValue): void {
  const { width, height, data } = value.type === 'picture' ? value.image : value.tensor;
  if (data.length !== width * height * 3 || width < 1 || height < 1) throw new Error('Wrong number of values');
  if (!data.every((number) => Number.isFinite(number))) throw new Error('A value that is no number');
}

function checkSize(step: LeafStep, before: ImageSize, value: StepValue): void {
  const said = sizeAfter(step.kind, step.parameters, before);
  for (const view of said ? viewsOf(value) : []) {
    const { width, height } = view.type === 'picture' ? view.image : view.tensor;
    expect([step.kind, height, width]).toEqual([step.kind, ...(said ?? [])]);
  }
}

function sizeAfter(kind: LeafKind, parameters: unknown, { width, height }: ImageSize): readonly number[] | null {
  const size = stepKindRecords[kind].sizeAfter as (...given: unknown[]) => readonly number[] | null;
  return size(parameters, [height, width], backbone.inputSize);
}

/** Mostly in an order that can run. */
function randomSteps(random: Random): readonly PipelineStep[] {
  const ids = { next: 0 };
  const kinds = Array.from({ length: 1 + random.integer(5) }, () => stepKinds[random.integer(stepKinds.length)]!);
  const takesTensor = (kind: StepKind): boolean => !isContainerKind(kind) && stepKindRecords[kind].input === 'tensor';
  const ordered =
    random.next() < 0.1 ? kinds : kinds.toSorted((a, b) => Number(takesTensor(a)) - Number(takesTensor(b)));
  const place = ordered.findIndex(takesTensor);
  const whole = place === -1 ? ordered : ordered.toSpliced(place, 0, 'ToTensor');
  return whole.map((kind) => randomStep(kind, random, ids));
}

function randomStep(kind: StepKind, random: Random, ids: { next: number }): PipelineStep {
  const id = `step-${ids.next++}`;
  if (!isContainerKind(kind)) {
    const parameters = valueOf(stepKindRecords[kind].parameters, random);
    return { ...createStep(kind, id), parameters } as PipelineStep;
  }
  const inside = Array.from({ length: 1 + random.integer(3) }, () => {
    const leaves = stepKinds.filter((each) => !isContainerKind(each) && stepKindRecords[each].input === 'picture');
    return randomStep(leaves[random.integer(leaves.length)]!, random, ids);
  });
  return { ...createStep(kind, id), steps: inside };
}
