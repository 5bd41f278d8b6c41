import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../src-shared/contract/contract.ts';
import type { Dataset } from '../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId, ProjectId } from '../../src-shared/domain/ids.ts';
import type { SuggestionState } from '../../src-shared/domain/suggestion.ts';
import { createInProcessClient } from '../../src-main/core/in-process-client.ts';
import { composeIn } from '../contract/compose-for-test.ts';

let folder: string;
let core: Awaited<ReturnType<typeof composeIn>>['core'];
let client: Client;
let projectId: ProjectId;
/** The classes that the sample's images are of. */
let truth: ReadonlyMap<ImageId, ClassId>;

async function open(): Promise<void> {
  ({ core } = await composeIn(folder));
  client = createInProcessClient(core);
  ({ id: projectId } = await client.call('project.openSample', { sample: 'fluent-emoji' }));
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-suggest-'));
  await open();
  truth = new Map((await dataset()).images.flatMap(({ id, classId }) => (classId === null ? [] : [[id, classId]])));
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const dataset = (): Promise<Dataset> => client.call('dataset.get', { projectId });
const state = (): Promise<SuggestionState> => client.call('suggestion.get', { projectId });

/** Waits until the head has learned from exactly so many labels and judged itself. */
async function ready(labels: number): Promise<SuggestionState> {
  return vi.waitFor(
    async () => {
      const now = await state();
      expect(now).toMatchObject({ state: 'ready', model: { labels } });
      return now;
    },
    { timeout: 120_000, interval: 200 },
  );
}

describe('suggestions on a sample with real features', () => {
  let hidden: readonly ImageId[];

  it('come for the images whose label was taken away, and are mostly right', async () => {
    const { images } = await dataset();
    const learnable = images.filter(({ split, classId }) => split !== 'test' && classId !== null);
    hidden = learnable.filter((_, index) => index % 3 === 0).map(({ id }) => id);
    await client.call('dataset.setLabel', { projectId, imageIds: [...hidden], classId: null });
    expect(await state()).toMatchObject({ state: 'off', suggested: 0, unlabelled: hidden.length });
    await client.call('suggestion.turn', { projectId, isOn: true, backbone: null });
    const now = await ready(learnable.length - hidden.length);
    expect(now).toMatchObject({ unlabelled: hidden.length, suggested: hidden.length, fromModel: 0 });
    expect(now.histogram.reduce((sum, count) => sum + count, 0)).toBe(hidden.length);
    expect(now.effects).toHaveLength(1);
    const { suggestions, total } = await client.call('suggestion.list', {
      ...{ projectId, threshold: 0, classId: null, offset: 0, limit: 500 },
    });
    const right = suggestions.filter(({ imageId, classId }) => truth.get(imageId) === classId).length;
    expect(total).toBe(hidden.length);
    expect(right / suggestions.length).toBeGreaterThan(0.7);
  });

  it('say what accepting above a threshold means, and accept just that as one edit', async () => {
    const { version, count, judged, right, expectedWrong, mostWrong, gains } = await client.call('suggestion.preview', {
      ...{ projectId, threshold: 0.8 },
    });
    expect(count).toBeGreaterThan(0);
    expect(right).toBeLessThanOrEqual(judged);
    expect(expectedWrong).toBeLessThanOrEqual(mostWrong ?? -1);
    expect(gains.reduce((sum, gain) => sum + gain.count, 0)).toBe(count);
    const list = await client.call('suggestion.list', {
      ...{ projectId, threshold: 0.8, classId: null, offset: 0, limit: 500 },
    });
    expect(list.above).toBe(count);
    const confidences = list.suggestions.map(({ confidence }) => confidence);
    expect(confidences.slice(0, count)).toEqual(confidences.slice(0, count).toSorted((a, b) => a - b));
    expect(confidences.slice(count)).toEqual(confidences.slice(count).toSorted((a, b) => b - a));

    await expect(
      client.call('suggestion.acceptAbove', { projectId, threshold: 0.8, version: version - 1 }),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await client.call('suggestion.acceptAbove', { projectId, threshold: 0.8, version })).toMatchObject({
      changed: count,
    });
    expect((await dataset()).undo).toMatchObject({ kind: 'accept-labels', imageCount: count });
    expect(await state()).toMatchObject({ fromModel: count });
    await client.call('dataset.undo', { projectId });
    expect(await state()).toMatchObject({ fromModel: 0 });
    await ready(truth.size - hidden.length - testCount(await dataset()));
  });

  it('ask in an order of three, and answer how likely each class is', async () => {
    for (const order of ['unsure', 'diverse', 'mixed'] as const) {
      await client.call('suggestion.order', { projectId, order });
      const { imageIds } = await client.call('suggestion.queue', { projectId });
      expect([...imageIds].sort()).toEqual([...hidden].sort());
    }
    const [imageId] = hidden;
    const { shares } = await client.call('suggestion.ask', { projectId, imageId: imageId! });
    const sum = (shares ?? []).reduce((whole, { share }) => whole + share, 0);
    expect(sum).toBeGreaterThan(0.99);
    expect(sum).toBeLessThan(1.01);
  });

  it('do not come back where they were refused, unless that is taken back', async () => {
    const { suggestions } = await client.call('suggestion.list', {
      ...{ projectId, threshold: 0, classId: null, offset: 0, limit: 1 },
    });
    const items = suggestions.map(({ imageId, classId }) => ({ imageId, classId }));
    await client.call('suggestion.refuse', { projectId, items, isRefused: true });
    expect(await state()).toMatchObject({ suggested: hidden.length - 1 });
    await client.call('suggestion.refuse', { projectId, items, isRefused: false });
    expect(await state()).toMatchObject({ suggested: hidden.length });
  });

  it('name wrong labels with their likely class until somebody says that they are right', async () => {
    const { images, classes } = await dataset();
    const labelled = images.filter(({ split, classId }) => split === 'training' && classId !== null);
    const wrong = classes.slice(0, 6).map(({ id }) => labelled.find(({ classId }) => classId === id)!);
    const labels = (await state()).model?.labels ?? 0;
    // In one change: heads that learn in between would make what is found depend on the machine's speed.
    await client.call('dataset.setLabel', {
      projectId,
      imageIds: wrong.map(({ id }) => id),
      classId: classes.at(-1)!.id,
    });
    await ready(labels);
    const list = async () => (await client.call('suggestion.suspects', { projectId })).suspects;
    const suspects = await list();
    const found = suspects.filter(({ imageId }) => wrong.some(({ id }) => id === imageId));
    expect(found.length).toBeGreaterThan(2);
    expect(found.some(({ imageId, likely }) => truth.get(imageId) === likely)).toBe(true);
    const [first] = found;
    if (!first) return;
    const items = [{ imageId: first.imageId, classId: first.given }];
    await client.call('suggestion.confirm', { projectId, items, isConfirmed: true });
    expect(await list()).toHaveLength(suspects.length - 1);
    await client.call('suggestion.confirm', { projectId, items, isConfirmed: false });
    expect(await list()).toEqual(suspects);
    await client.call('suggestion.accept', {
      projectId,
      suggestions: found.map(({ imageId, likely, likelyShare }) => ({
        ...{ imageId, classId: likely, confidence: likelyShare },
      })),
    });
    expect(await state()).toMatchObject({ fromModel: found.length });
  });

  it('are there again after a restart, from the features that were kept', async () => {
    const before = await state();
    await core.close();
    await open();
    await state();
    const now = await ready(before.model?.labels ?? 0);
    expect(now).toMatchObject({ suggested: before.suggested, fromModel: before.fromModel });
    expect(await client.call('features.get', { projectId })).toMatchObject({ state: 'complete', done: truth.size });
  });

  it('go when they are turned off', async () => {
    expect(await client.call('suggestion.turn', { projectId, isOn: false, backbone: null })).toMatchObject({
      ...{ state: 'off', suggested: 0 },
    });
  });
});

function testCount({ images }: Dataset): number {
  return images.filter(({ split }) => split === 'test').length;
}
