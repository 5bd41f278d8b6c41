import { join } from 'node:path';
import type { ExportId, ImageId, PipelineId, RunId } from '../../src-shared/domain/ids.ts';
import type { ImageFormat } from '../../src-shared/domain/dataset.ts';

/** Where everything of one project lies; docs/file-format.md describes the files themselves. */
export interface ProjectPaths {
  readonly root: string;
  readonly projectFile: string;
  readonly database: string;
  readonly lock: string;
  readonly images: string;
  readonly pipelines: string;
  readonly runs: string;
  readonly exports: string;
  /** Earlier states; nothing in it is needed to open the project. */
  readonly snapshots: string;
  /** The only folder that may be deleted freely. */
  readonly cache: string;
  readonly thumbnails: string;
  readonly features: string;
  image(id: ImageId, format: ImageFormat): string;
  pipeline(id: PipelineId): string;
  run(id: RunId): RunPaths;
  export(id: ExportId): { readonly folder: string; readonly zip: string; readonly record: string };
}

/** The files of one run. */
export interface RunPaths {
  readonly folder: string;
  readonly record: string;
  readonly metrics: string;
  readonly predictions: string;
  readonly model: string;
  readonly weights: string;
  readonly checkpoints: string;
}

/** The layout of the project in this folder; touches no file. */
export function projectPaths(root: string): ProjectPaths {
  const cache = join(root, '.cache');
  return {
    root,
    projectFile: join(root, 'project.json'),
    database: join(root, 'project.sqlite'),
    lock: join(root, '.lock'),
    images: join(root, 'images'),
    pipelines: join(root, 'pipelines'),
    runs: join(root, 'runs'),
    exports: join(root, 'exports'),
    snapshots: join(root, 'snapshots'),
    cache,
    thumbnails: join(cache, 'thumbnails'),
    features: join(cache, 'features'),
    // Two levels keep folders small with a hundred thousand images.
    image: (id, format) => join(root, 'images', id.slice(0, 2), `${id}.${format}`),
    pipeline: (id) => join(root, 'pipelines', `${id}.json`),
    run: (id) => runPaths(join(root, 'runs', id)),
    export: (id) => ({
      folder: join(root, 'exports', id, id),
      zip: join(root, 'exports', id, `${id}.zip`),
      record: join(root, 'exports', id, 'export.json'),
    }),
  };
}

/** Where everything of the run in this folder lies; touches no file. */
export function runPaths(folder: string): RunPaths {
  return {
    folder,
    record: join(folder, 'run.json'),
    metrics: join(folder, 'metrics.jsonl'),
    predictions: join(folder, 'predictions.jsonl'),
    model: join(folder, 'model.json'),
    weights: join(folder, 'weights.bin'),
    checkpoints: join(folder, 'checkpoints'),
  };
}
