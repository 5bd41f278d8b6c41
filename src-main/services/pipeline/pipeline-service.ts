import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { CommandInput, CommandOutput } from '../../../src-shared/contract/contract.ts';
import type { PipelineOrigin, PipelinePreview } from '../../../src-shared/contract/pipeline.contract.ts';
import { pipelineIdSchema, type PipelineId, type ProjectId } from '../../../src-shared/domain/ids.ts';
import type { Pipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { presetLists } from '../../../src-shared/domain/pipeline/presets.ts';
import { resolveSteps } from '../../../src-shared/domain/pipeline/resolve.ts';
import { placeSteps } from '../../../src-shared/domain/pipeline/step-tree.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { pickEvenly } from '../../../src-shared/lib/pick-evenly.ts';
import type { Emit } from '../../core/ports.ts';
import type { BackboneCatalog } from '../backbone/backbone-catalog.ts';
import { imageFile } from '../image/image-service.ts';
import type { OpenProjects, ProjectContext } from '../project/open-projects.ts';
import { deletePipeline, listPipelines, loadPipeline, savePipeline } from './pipeline-files.ts';
import type { PictureStore } from './picture-store.ts';
import type { RenderedPicture, RenderedStep } from './preview-protocol.ts';
import { PreviewRenderer } from './preview-renderer.ts';
import { sizeHints } from './size-hints.ts';

export interface PipelineServiceDeps {
  readonly openProjects: OpenProjects;
  readonly backbones: BackboneCatalog;
  readonly pictures: PictureStore;
  readonly emit: Emit;
}

/** Colours differ little between many images, and each costs its decoding. */
const measuredImages = 64;

type ShownPicture = PipelinePreview['original'];

/** The pipelines of the open projects, and what they do to an image. */
export class PipelineService {
  readonly #deps: PipelineServiceDeps;
  readonly #renderer = new PreviewRenderer();

  constructor(deps: PipelineServiceDeps) {
    this.#deps = deps;
  }

  async list(projectId: ProjectId): Promise<Pipeline[]> {
    return listPipelines(this.#deps.openProjects.get(projectId));
  }

  /** Throws AppError 'not-found' or 'damaged-file'. */
  async read(projectId: ProjectId, pipelineId: PipelineId): Promise<Pipeline> {
    return loadPipeline(this.#deps.openProjects.get(projectId), pipelineId);
  }

  /** Saves under the pipeline's id, new or not. */
  async save(projectId: ProjectId, pipeline: Pipeline): Promise<Pipeline> {
    const context = this.#deps.openProjects.get(projectId);
    context.assertWritable();
    await savePipeline(context, pipeline);
    this.#deps.emit('pipeline.changed', { projectId, pipelineId: pipeline.id });
    return pipeline;
  }

  /** A new pipeline under an id that is made of its name. */
  async create(projectId: ProjectId, name: string, from: PipelineOrigin): Promise<Pipeline> {
    const context = this.#deps.openProjects.get(projectId);
    context.assertWritable();
    const id = freePipelineId(context, name);
    const { training, evaluation } = await listsOf(context, from);
    return this.save(projectId, { schemaVersion: 1, id, name, training, evaluation });
  }

  /** Throws AppError 'conflict' for the last one: a training needs one. */
  async delete(projectId: ProjectId, pipelineId: PipelineId): Promise<void> {
    const context = this.#deps.openProjects.get(projectId);
    context.assertWritable();
    const others = (await listPipelines(context)).filter(({ id }) => id !== pipelineId);
    if (others.length === 0) {
      throw new AppError('conflict', say('pipelineOnlyOne'));
    }
    await deletePipeline(context, pipelineId);
    this.#deps.emit('pipeline.changed', { projectId, pipelineId });
  }

  /** The image after each step for one draw. */
  async preview(request: CommandInput<'pipeline.preview'>): Promise<PipelinePreview> {
    const startedMs = performance.now();
    const context = this.#deps.openProjects.get(request.projectId);
    const { record } = await this.#deps.backbones.find(request.backbone);
    const list = request.pipeline[request.part];
    const steps = resolveSteps(list, record);
    const path = imageFile(context, request.imageId);
    const rendered = await this.#renderer.ask('preview', { path, steps, seed: request.seed });
    const byId = new Map(rendered.steps.map((step) => [step.stepId, step]));
    return {
      original: this.#keep(rendered.original),
      steps: placeSteps(list).map(({ step }) => ({ stepId: step.id, ...this.#show(byId.get(step.id)) })),
      milliseconds: Math.round(performance.now() - startedMs),
    };
  }

  /** The end of the list for one draw of each image, as far as it runs. */
  async samples(request: CommandInput<'pipeline.samples'>): Promise<CommandOutput<'pipeline.samples'>> {
    const context = this.#deps.openProjects.get(request.projectId);
    const { record } = await this.#deps.backbones.find(request.backbone);
    const samples = await this.#renderer.ask('samples', {
      paths: request.imageIds.map((imageId) => imageFile(context, imageId)),
      steps: resolveSteps(request.pipeline[request.part], record),
      seed: request.seed,
    });
    return {
      samples: samples.map((one) => (one.picture ? { picture: this.#keep(one.picture), error: null } : one)),
    };
  }

  /** How the evaluation list fits the sizes of the project's images, and their colours as far as some of them tell. */
  async hints({
    projectId,
    evaluation,
    backbone,
  }: CommandInput<'pipeline.hints'>): Promise<CommandOutput<'pipeline.hints'>> {
    const context = this.#deps.openProjects.get(projectId);
    const { record } = await this.#deps.backbones.find(backbone);
    const { images } = context.database.dataset.read();
    const steps = resolveSteps(evaluation, record);
    const toTensor = steps.findIndex(({ kind }) => kind === 'ToTensor');
    const statistics = await this.#renderer.ask('statistics', {
      paths: pickEvenly(images, measuredImages).map((image) => context.paths.image(image.id, image.format)),
      steps: toTensor === -1 ? steps : steps.slice(0, toTensor),
    });
    return { sizes: sizeHints(images, evaluation, record), statistics };
  }

  async close(): Promise<void> {
    await this.#renderer.close();
  }

  /** A step that is switched off did not run. */
  #show(step: RenderedStep | undefined): Omit<PipelinePreview['steps'][number], 'stepId'> {
    if (!step) return { before: null, after: null, draw: {}, error: null, isLeftOut: false };
    const { before, after, draw, error, isLeftOut } = step;
    return { before: before && this.#keep(before), after: after && this.#keep(after), draw, error, isLeftOut };
  }

  #keep({ id, png, width, height, viewCount }: RenderedPicture): ShownPicture {
    this.#deps.pictures.add(id, png);
    return { picture: id, width, height, viewCount };
  }
}

async function listsOf(
  context: ProjectContext,
  from: PipelineOrigin,
): Promise<Pick<Pipeline, 'training' | 'evaluation'>> {
  switch (from.type) {
    case 'preset':
      return presetLists(from.preset);
    case 'copy':
      return loadPipeline(context, from.pipelineId);
    case 'lists':
      return from;
  }
}

/** From the name, as a file name that is still free. */
function freePipelineId(context: ProjectContext, name: string): PipelineId {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^0-9a-z]+/g, '-');
  const base = plain.replace(/^-+|-+$/g, '').slice(0, 40) || 'pipeline';
  for (let number = 1; ; number += 1) {
    const id = v.parse(pipelineIdSchema, number === 1 ? base : `${base}-${number}`);
    if (!existsSync(context.paths.pipeline(id))) return id;
  }
}
