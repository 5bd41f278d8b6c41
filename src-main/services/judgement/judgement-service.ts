import type { JudgementHead, SimilarityHead } from '../../../src-shared/contract/judgement-stream.ts';
import type { ImageId, ProjectId, RunId } from '../../../src-shared/domain/ids.ts';
import {
  judgementColumns,
  similarityColumns,
  type Judge,
  type JudgementColumnName,
} from '../../../src-shared/domain/judgement.ts';
import type { Cell } from '../../storage/image-reader.ts';
import type { FeatureService } from '../features/feature-service.ts';
import type { OpenProjects } from '../project/open-projects.ts';
import type { RunService } from '../run/run-service.ts';
import type { SuggestionService } from '../suggestion/suggestion-service.ts';
import { streamColumns } from '../dataset/column-stream.ts';
import { judgePrediction, type Judgement } from './judge-prediction.ts';

export interface JudgementServiceDeps {
  readonly openProjects: OpenProjects;
  readonly features: Pick<FeatureService, 'similarTo'>;
  readonly suggestions: Pick<SuggestionService, 'of'>;
  readonly runs: Pick<RunService, 'predictions'>;
}

const judgementCells: Readonly<Record<JudgementColumnName, (judgement: Judgement) => Cell>> = {
  id: ({ imageId }) => imageId,
  predicted: ({ classId }) => classId,
  confidence: ({ confidence }) => confidence,
  margin: ({ margin }) => margin,
  loss: ({ loss }) => loss,
};

/** What a page filters and sorts images by besides their own facts. */
export class JudgementService {
  readonly #deps: JudgementServiceDeps;

  constructor(deps: JudgementServiceDeps) {
    this.#deps = deps;
  }

  /** All judgements of one judge, as frames. AppError not-found for a run that is not there. */
  async judgements(projectId: ProjectId, judge: Judge): Promise<AsyncGenerator<Uint8Array>> {
    const { head, judgements } = await (judge === 'head' ? this.#ofHead(projectId) : this.#ofRun(projectId, judge));
    return streamColumns(head, judgementColumns, judgements, judgementCells);
  }

  /** How like an image all others with features are, as frames. AppError not-found where it has no features. */
  async similar(projectId: ProjectId, imageId: ImageId): Promise<AsyncGenerator<Uint8Array>> {
    const { backbone, images } = await this.#deps.features.similarTo(projectId, imageId);
    const head: SimilarityHead = { backbone, count: images.length };
    return streamColumns(head, similarityColumns, images, {
      id: (image) => image.imageId,
      similarity: (image) => image.similarity,
    });
  }

  #ofHead(projectId: ProjectId): { readonly head: JudgementHead; readonly judgements: readonly Judgement[] } {
    const { model, judgements } = this.#deps.suggestions.of(projectId).judgements();
    const head = { judge: 'head', labels: model?.labels ?? null, at: model?.learnedAt ?? null } as const;
    return { head: { ...head, count: judgements.length }, judgements };
  }

  async #ofRun(projectId: ProjectId, runId: RunId) {
    const { record, predictions } = await this.#deps.runs.predictions(projectId, runId);
    const rows = this.#deps.openProjects.get(projectId).database.dataset.assist.labelRows();
    const labels = new Map(rows.map(({ id, classId }) => [id, classId]));
    const judgements = predictions.flatMap((prediction) => judgePrediction(prediction, record.classes, labels) ?? []);
    const head: JudgementHead = { judge: runId, labels: null, at: record.endedAt, count: judgements.length };
    return { head, judgements };
  }
}
