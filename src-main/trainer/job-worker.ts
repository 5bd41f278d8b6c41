/** The thread of the trainer process that does the job. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { assertNever } from '../../src-shared/lib/assert-never.ts';
import type { TrainerJob } from '../jobs/trainer-protocol.ts';
import { asDeviceFailure } from './device-failure.ts';
import { computeFeatures } from './features/features-job.ts';
import { createJobLink, type JobLink, type LinkEvent } from './job-link.ts';
import { drawMap } from './map/map-job.ts';
import { answerPredictions } from './predict/predict-job.ts';
import { measureCost } from './probe/cost-job.ts';
import { findLearningRate } from './probe/rate-search-job.ts';
import { learnQuickly } from './quick-head/quick-head-job.ts';
import { checkSafety } from './safety/safety-job.ts';
import { train } from './train/train-job.ts';
import { verify } from './verify/verify-job.ts';

const port = parentPort;
if (!port) throw new Error('job-worker.ts runs in a worker thread only');
const { link, deliver } = createJobLink((message) => port.postMessage(message));
port.on('message', (event: LinkEvent) => deliver(event));

try {
  await runJob(workerData as TrainerJob, link);
} catch (error) {
  const expected = error instanceof AppError ? error : asDeviceFailure(error);
  // Anything else is a bug and reaches the parent thread as this worker's 'error'.
  if (!expected) throw error;
  link.send({ type: 'failed', error: expected.toShape() });
} finally {
  // An open port would keep the process, which ends with its job.
  port.close();
}

function runJob(job: TrainerJob, jobLink: JobLink): Promise<void> {
  switch (job.kind) {
    case 'train':
      return train(job, jobLink);
    case 'predict':
      return answerPredictions(job, jobLink);
    case 'verify':
      return verify(job, jobLink);
    case 'check-safety':
      return checkSafety(job, jobLink);
    case 'find-learning-rate':
      return findLearningRate(job, jobLink);
    case 'quick-head':
      return learnQuickly(job, jobLink);
    case 'feature-map':
      return drawMap(job, jobLink);
    case 'features':
      return computeFeatures(job, jobLink);
    case 'measure-cost':
      return measureCost(job, jobLink);
    default:
      return assertNever(job, 'job');
  }
}
