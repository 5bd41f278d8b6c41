import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import type { FromTrainer } from '../../src-main/jobs/trainer-protocol.ts';
import type { LinkEvent } from '../../src-main/trainer/job-link.ts';
import { learnQuickly } from '../../src-main/trainer/quick-head/quick-head-job.ts';
import { encodeRecord } from '../../src-main/storage/feature-record.ts';
import { recordingLink } from '../support/recording-link.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const rowLength = 16;
const classIds = ['red', 'green', 'blue'];
const idOf = (row: number): ImageId => row.toString(16).padStart(64, '0') as ImageId;
const told = (message: Extract<LinkEvent, { type: 'message' }>['message']): LinkEvent => ({ type: 'message', message });

/** Features of three classes that can be told apart: row n is of class n mod 3. */
function writeFeatures(count: number): string {
  const folder = path.join(temporaryFolder(), 'set');
  mkdirSync(folder);
  const random = createRandom('features');
  const records = Array.from({ length: count }, (_, row) =>
    encodeRecord(
      idOf(row),
      Float32Array.from({ length: rowLength }, (_value, at) => random.normal() + (at % 3 === row % 3 ? 2 : 0)),
    ),
  );
  writeFileSync(path.join(folder, '0'), Buffer.concat(records));
  return folder;
}

/** Lets a head learn from the events, then asks it about a row, then stops it; answers all that it said. */
async function hear(
  setFolder: string,
  events: readonly LinkEvent[],
  ask: number | null,
): Promise<readonly FromTrainer[]> {
  const recorded = recordingLink((message) => {
    if (message.type === 'head-validated' || message.type === 'head-idle')
      return told(ask === null ? { type: 'cancel' } : { type: 'head-ask', question: 1, row: ask });
    return message.type === 'head-answer' ? told({ type: 'cancel' }) : undefined;
  });
  const job = learnQuickly({ kind: 'quick-head', setFolder, rowLength, runtime: null }, recorded.link);
  events.forEach((event) => recorded.deliver(event));
  await job;
  return recorded.said;
}

it('suggests classes for unlabelled rows, finds the wrong label, orders the queue and answers about one row', async () => {
  const count = 90;
  const labels = Array.from({ length: count }, (_, row) => (row < 45 ? row % 3 : -1));
  labels[4] = 2;
  const tests = [42, 43, 44, 88, 89];
  const said = await hear(
    writeFeatures(count),
    [
      told({ type: 'head-images', imageIds: Array.from({ length: count }, (_, row) => idOf(row)) }),
      told({ type: 'head-learn', id: 5, classIds, labels, tests }),
    ],
    60,
  );
  expect(said.map(({ type }) => type)).toEqual([
    'ready',
    'head-learned',
    'head-queued',
    'head-validated',
    'head-answer',
  ]);
  const [, learned, queued, validated, answer] = said;
  if (learned?.type !== 'head-learned' || queued?.type !== 'head-queued' || validated?.type !== 'head-validated')
    throw new Error('Expected a lesson');
  const { rows, classes } = learned.suggestions;
  expect(rows).toEqual(Array.from({ length: 43 }, (_, index) => 45 + index));
  expect(rows.filter((row, index) => classes[index] === row % 3).length).toBeGreaterThan(38);
  expect(learned).toMatchObject({ id: 5, rowCount: 42, test: { total: 3 } });
  expect(validated.suspects[0]).toMatchObject({ row: 4, given: 2, likely: 1 });
  // The one label that is wrong costs most.
  expect(validated.losses).toHaveLength(42);
  expect(validated.losses.indexOf(Math.max(...validated.losses))).toBe(4);
  expect(validated.outOfFold.rows).toEqual(Array.from({ length: 42 }, (_, row) => row));
  for (const order of [queued.unsure, queued.diverse, queued.mixed]) {
    expect([...order].sort((a, b) => a - b)).toEqual(rows);
  }
  const shares = answer?.type === 'head-answer' ? (answer.shares ?? []) : [];
  expect(shares.indexOf(Math.max(...shares))).toBe(0);
});

it('says that it needs more labels, and leaves out rows without features', async () => {
  const said = await hear(
    writeFeatures(3),
    [
      told({ type: 'head-images', imageIds: [0, 1, 2, 3, 4, 5].map(idOf) }),
      told({ type: 'head-learn', id: 1, classIds, labels: [0, 1, -1, 0, 1, 1], tests: [] }),
    ],
    null,
  );
  expect(said.map(({ type }) => type)).toEqual(['ready', 'head-idle']);
});

it('learns from the latest labels only', async () => {
  const labels = Array.from({ length: 30 }, (_, row) => (row < 20 ? row % 3 : -1));
  const lesson = (id: number): LinkEvent => told({ type: 'head-learn', id, classIds, labels, tests: [] });
  const said = await hear(
    writeFeatures(30),
    [told({ type: 'head-images', imageIds: labels.map((_, row) => idOf(row)) }), lesson(1), lesson(2), lesson(3)],
    null,
  );
  expect(said.flatMap((message) => ('id' in message ? [message.id] : []))).toEqual([3, 3, 3]);
});
