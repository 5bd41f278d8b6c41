import { constants, setPriority } from 'node:os';
import type { QuickHeadJob, ToQuickHead } from '../../jobs/quick-head-protocol.ts';
import { FeatureReader } from '../../storage/feature-reader.ts';
import type { JobLink } from '../job-link.ts';
import { loadOnnxRuntime } from '../onnx-runtime.ts';
import { mathThreadCount } from '../thread-count.ts';
import { openHeadProducts } from './head-products.ts';
import { HeadRows } from './head-rows.ts';
import { QuickHead } from './quick-head.ts';

/** Learns from whatever labels it is told last and answers questions about single images, until it is told to stop. */
export async function learnQuickly(job: QuickHeadJob, link: JobLink): Promise<void> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const onnx = await loadOnnxRuntime();
  const reader = new FeatureReader(job.setFolder, job.rowLength);
  const rows = new HeadRows(reader);
  const threadCount = mathThreadCount();
  const head = new QuickHead({
    rows,
    openProducts: (size) => openHeadProducts(onnx, size, threadCount),
    send: (message) => link.send(message),
  });
  link.send({ type: 'ready' });
  let classIds: readonly string[] = [];
  let latest = 0;
  let learning = Promise.resolve();
  let failure: unknown;
  const inTurn = (work: () => Promise<void>): void => {
    learning = learning.then(work).catch((error: unknown) => void (failure ??= error));
  };
  const take = (message: ToQuickHead): void => {
    if (message.type === 'head-images') {
      latest += 1;
      inTurn(() => rows.setImages(message.imageIds));
    } else if (message.type === 'head-learn') {
      latest += 1;
      const own = latest;
      inTurn(async () => {
        classIds = message.classIds;
        const shouldStop = (): boolean => own !== latest || link.stopReason() !== null;
        if (shouldStop()) return;
        await rows.refresh();
        await head.learn(message, shouldStop);
      });
    } else void answer(message);
  };
  const answer = async ({ question, row }: Extract<ToQuickHead, { type: 'head-ask' }>): Promise<void> => {
    const shares = await head.ask(row, classIds).catch(() => null);
    link.send({ type: 'head-answer', question, shares });
  };
  try {
    for await (const message of link.headMessages()) {
      take(message);
      if (failure) break;
    }
    await learning;
    if (failure) throw failure as Error;
  } finally {
    await head.close();
    await reader.close();
  }
}
