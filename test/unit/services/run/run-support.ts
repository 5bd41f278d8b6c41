import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { AnyEvent } from '../../../../src-shared/contract/contract.ts';
import type { BackboneRecord } from '../../../../src-shared/domain/backbone.ts';
import { defaultSplitRatios, type Dataset, type Split } from '../../../../src-shared/domain/dataset.ts';
import {
  classIdSchema,
  imageIdSchema,
  pipelineIdSchema,
  projectIdSchema,
  type ImageId,
} from '../../../../src-shared/domain/ids.ts';
import { classicPipeline, type Pipeline } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import { defaultRecipe, type Recipe } from '../../../../src-shared/domain/recipe/recipe.ts';
import type { ProcessStarter, TrainerProcess } from '../../../../src-main/core/ports.ts';
import type { FromTrainer, ToTrainer } from '../../../../src-main/jobs/trainer-protocol.ts';
import type { RunServiceDeps } from '../../../../src-main/services/run/run-ports.ts';
import { RunService } from '../../../../src-main/services/run/run-service.ts';
import type { TrainerPatience } from '../../../../src-main/services/run/trainer-session.ts';
import { plainClass } from '../../../support/plain-class.ts';
import { projectPaths } from '../../../../src-main/storage/project-paths.ts';

export const projectId = v.parse(projectIdSchema, 'project-under-test');
export const pipelineId = v.parse(pipelineIdSchema, 'classic');
export const recipe: Recipe = defaultRecipe('feature-extraction', pipelineId);

export function imageId(index: number): ImageId {
  return v.parse(imageIdSchema, index.toString(16).padStart(64, '0'));
}

export const backbone: BackboneRecord = {
  schemaVersion: 1,
  name: 'efficientnet-lite0',
  title: 'EfficientNet-Lite0',
  inputSize: 224,
  mean: [0.498, 0.498, 0.498],
  std: [0.502, 0.502, 0.502],
  interpolation: 'bilinear',
  featureCount: 1280,
  parameterCount: 3_413_024,
  stages: [],
  licence: 'Apache-2.0',
  origin: 'test',
  sha256: 'b'.repeat(64),
};

/** Images of the named classes in the splits, numbered from 0; a class null has no label. */
export function makeDataset(rows: readonly (readonly [string | null, Split])[]): Dataset {
  const names = [...new Set(rows.map(([name]) => name))].filter((name) => name !== null);
  const classId = (name: string) => v.parse(classIdSchema, name);
  return {
    revision: 7,
    classes: names.map(plainClass),
    images: rows.map(([name, split], index) => ({
      id: imageId(index),
      fileName: `${index}.png`,
      source: `${index}.png`,
      format: 'png',
      width: 32,
      height: 32,
      sizeBytes: 100,
      classId: name === null ? null : classId(name),
      split,
    })),
    splitRatios: defaultSplitRatios,
    undo: null,
    redo: null,
  };
}

/** A trainer that does what the test says. */
export class ScriptedTrainer implements TrainerProcess {
  readonly pid = 1;
  readonly received: ToTrainer[] = [];
  wasKilled = false;
  #onMessage: (message: FromTrainer) => void = () => undefined;
  #onExit: Parameters<TrainerProcess['onExit']>[0] = () => undefined;
  readonly #react: (message: ToTrainer, trainer: ScriptedTrainer) => void;

  constructor(react: (message: ToTrainer, trainer: ScriptedTrainer) => void) {
    this.#react = react;
  }

  send(message: ToTrainer): void {
    this.received.push(message);
    setImmediate(() => this.#react(message, this));
  }

  onMessage(listener: (message: FromTrainer) => void): void {
    this.#onMessage = listener;
  }

  onExit(listener: Parameters<TrainerProcess['onExit']>[0]): void {
    this.#onExit = listener;
  }

  kill(): void {
    this.wasKilled = true;
    this.exit(null, 'SIGKILL');
  }

  say(...messages: readonly FromTrainer[]): void {
    messages.forEach((message) => this.#onMessage(message));
  }

  exit(
    code: number | null,
    signal: string | null = null,
    stderrTail = 'Segmentation fault',
    endedForMemory = false,
  ): void {
    this.#onExit({ code, signal, wasKilled: this.wasKilled, stderrTail, endedForMemory });
  }
}

export interface Bench {
  readonly root: string;
  readonly paths: ReturnType<typeof projectPaths>;
  readonly events: AnyEvent[];
  readonly trainers: ScriptedTrainer[];
  readonly processStarter: ProcessStarter;
  /** A second service on the same project, as after a restart. */
  makeService(overrides?: Partial<RunServiceDeps>, patience?: TrainerPatience): RunService;
  remove(): Promise<void>;
}

/** A project folder and everything around a run service; only ports are doubled. */
export async function makeBench(
  dataset: Dataset,
  react: (message: ToTrainer, trainer: ScriptedTrainer) => void,
  pipeline: Pipeline = classicPipeline(pipelineId, 'Classic'),
): Promise<Bench> {
  const root = await mkdtemp(path.join(tmpdir(), 'graft-runs-'));
  const paths = projectPaths(root);
  const events: AnyEvent[] = [];
  const trainers: ScriptedTrainer[] = [];
  const processStarter: ProcessStarter = {
    startTrainer: () => {
      const trainer = new ScriptedTrainer(react);
      trainers.push(trainer);
      return trainer;
    },
  };
  const deps: RunServiceDeps = {
    project: () => ({
      id: projectId,
      paths,
      labelling: 'single-label',
      readOnlyBecause: null,
      isWriterAlive: () => true,
      assertWritable: () => undefined,
    }),
    readDataset: () => dataset,
    readPipeline: () => pipeline,
    findBackbone: () => ({ record: backbone, folder: path.join(root, 'backbone') }),
    imageFile: (_projectId, id) => paths.image(id, 'png'),
    uploadedFile: (id) => path.join(root, id),
    findChangedFiles: () => Promise.resolve([]),
    runtime: {
      ensureFor: () =>
        Promise.resolve({
          kind: 'cpu',
          way: 'wheel',
          version: '2.21.0',
          folder: root,
          bindingPath: root,
          packageRoot: root,
        }),
    },
    leftOut: () => new Set(),
    frozenTest: () => null,
    makeRoom: () => Promise.resolve(),
    processStarter,
    emit: (name, payload) => events.push({ name, payload } as AnyEvent),
    now: () => new Date(),
    version: '0.0.0-test',
  };
  return {
    root,
    paths,
    events,
    trainers,
    processStarter,
    makeService: (overrides = {}, patience) => new RunService({ ...deps, ...overrides }, patience),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
