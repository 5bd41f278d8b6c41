import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Dataset, DatasetImage, Split } from '../../../src-shared/domain/dataset.ts';
import type { RunId } from '../../../src-shared/domain/ids.ts';
import type { RunRecord } from '../../../src-shared/domain/run.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Emit } from '../../core/ports.ts';
import { judgeSplit } from './judge-split.ts';
import type { PredictOptions, RawPrediction } from './predictors.ts';

interface Judging {
  readonly abort: AbortController;
  readonly predictions: ReturnType<typeof judgeSplit>;
}

interface JudgingsDeps {
  readonly emit: Emit;
  readonly predict: (
    record: RunRecord,
    images: readonly DatasetImage[],
    options: PredictOptions,
  ) => Promise<readonly PromiseSettledResult<RawPrediction>[]>;
}

/** Splits that runs judge at the moment. Nothing of it is saved, so that one that is stopped leaves nothing. */
export class Judgings {
  readonly #deps: JudgingsDeps;
  readonly #judgings = new Map<RunId, Map<string, Judging>>();

  constructor(deps: JudgingsDeps) {
    this.#deps = deps;
  }

  /** As `judgeSplit`; who asks for the same while it is at work shares it. Rejects as cancelled once it is stopped. */
  judge(question: {
    readonly record: RunRecord;
    readonly dataset: Dataset;
    readonly split: Split;
  }): ReturnType<typeof judgeSplit> {
    const { record, dataset, split } = question;
    const ofRun = this.#judgings.get(record.id) ?? new Map<string, Judging>();
    this.#judgings.set(record.id, ofRun);
    const key = `${split} ${dataset.revision}`;
    const underWay = ofRun.get(key);
    if (underWay) return underWay.predictions;
    const abort = new AbortController();
    const predictions = this.#judge(question, abort.signal).finally(() => {
      if (ofRun.get(key)?.abort === abort) ofRun.delete(key);
    });
    ofRun.set(key, { abort, predictions });
    return predictions;
  }

  /** Stops what a run judges; nothing happens where it judges nothing. */
  cancel(runId: RunId): void {
    const ofRun = this.#judgings.get(runId);
    this.#judgings.delete(runId);
    ofRun?.forEach(({ abort }) => abort.abort(new AppError('cancelled', say('judgingStopped'), { retry: true })));
  }

  #judge(question: Parameters<typeof judgeSplit>[0], signal: AbortSignal): ReturnType<typeof judgeSplit> {
    const { record, split } = question;
    const { projectId, id: runId } = record;
    return judgeSplit(
      question,
      (images, onAnswer) => this.#deps.predict(record, images, { onAnswer, signal }),
      (done, total) => this.#deps.emit('run.imagesJudged', { projectId, runId, split, done, total }),
    );
  }
}
