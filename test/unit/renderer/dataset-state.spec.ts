import * as v from 'valibot';
import { expect, test, vi } from 'vitest';
import type { PageClient } from '../../../src-renderer/client/page-client.ts';
import { ClassKeys } from '../../../src-renderer/state/class-keys.svelte.ts';
import { DatasetState } from '../../../src-renderer/state/dataset-state.svelte.ts';
import { UnsavedChanges } from '../../../src-renderer/state/unsaved-changes.svelte.ts';
import { plainClass } from '../../support/plain-class.ts';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { datasetSchema, type Dataset } from '../../../src-shared/domain/dataset.ts';
import { classIdSchema, imageIdSchema, projectIdSchema, type ClassId } from '../../../src-shared/domain/ids.ts';
import { datasetBytes } from '../../support/dataset-bytes.ts';

const projectId = v.parse(projectIdSchema, 'project-1');
const imageId = v.parse(imageIdSchema, 'a'.repeat(64));
const pear = classIdOf('pear');
const apple = classIdOf('apple');

function classIdOf(text: string): ClassId {
  return v.parse(classIdSchema, text);
}

function datasetOf(revision: number, classId: string | null, classCount = 2): Dataset {
  const names = ['apple', 'pear', ...Array.from({ length: classCount - 2 }, (_, index) => `class-${String(index)}`)];
  return v.parse(datasetSchema, {
    revision,
    classes: names.map(plainClass),
    images: [
      {
        id: imageId,
        fileName: 'a.png',
        source: 'a.png',
        format: 'png',
        width: 1,
        height: 1,
        sizeBytes: 1,
        classId,
        split: 'training',
      },
    ],
    splitRatios: { validation: 0.15, test: 0.15, seed: 1 },
    undo: null,
    redo: null,
  });
}

/** A core that answers as told, sends the dataset that it is asked for and can tell of changes. */
function createFakeCore(answers: Readonly<Record<string, () => unknown>> & { readonly dataset: () => Dataset }) {
  let tell: (payload: unknown) => void = () => undefined;
  const call = vi.fn((name: string) => Promise.resolve().then(() => answers[name]?.()));
  const openBytes = vi.fn((_route: string) => Promise.resolve(datasetBytes(answers.dataset())));
  const client = {
    call,
    openBytes,
    on: (_name: string, listener: (payload: unknown) => void) => {
      tell = listener;
      return () => undefined;
    },
  } as unknown as PageClient;
  return { client, call, openBytes, tell: (revision: number) => tell({ projectId, revision }) };
}

function stateOf(client: PageClient, unsaved = new UnsavedChanges()): DatasetState {
  return new DatasetState({
    client: unsaved.watch(client),
    projectId,
    labelling: 'single-label',
    report: vi.fn(),
    unsaved,
  });
}

test('shows a label at once and asks for nothing again when core agrees', async () => {
  const core = createFakeCore({
    dataset: () => datasetOf(7, 'apple'),
    'dataset.setLabel': () => ({ revision: 8, changed: 1 }),
  });
  const state = stateOf(core.client);
  state.start();
  await state.load();
  const setting = state.setLabel(Uint32Array.of(0), pear);
  expect(state.table.image(0).classId).toBe(pear);
  expect(state.pending).toBe(1);
  core.tell(8);
  await setting;
  expect(core.call.mock.calls.map(([name]) => name)).toEqual(['dataset.setLabel']);
  expect(core.openBytes).toHaveBeenCalledTimes(1);
  expect(state.current).toMatchObject({ revision: 8, undo: { kind: 'set-label', imageCount: 1, className: 'pear' } });
});

test('goes back to what core has when the label is refused', async () => {
  const core = createFakeCore({
    dataset: () => datasetOf(7, 'apple'),
    'dataset.setLabel': () => {
      throw new AppError('not-found', 'There is no such class.');
    },
  });
  const state = stateOf(core.client);
  await state.load();
  await expect(state.setLabel(Uint32Array.of(0), pear)).rejects.toThrow('There is no such class.');
  expect(state.table.image(0).classId).toBe(apple);
  expect(state.pending).toBe(0);
});

test('goes on showing a label that the full disk refused, over every reload, until it is saved', async () => {
  let current = datasetOf(7, 'apple');
  let isFull = true;
  const core = createFakeCore({
    dataset: () => current,
    'dataset.setLabel': () => {
      if (isFull) throw new AppError('disk-full', 'The disk is full.');
      current = datasetOf(8, 'pear');
      return { revision: 8, changed: 1 };
    },
  });
  const unsaved = new UnsavedChanges();
  const state = stateOf(core.client, unsaved);
  await state.load();
  await expect(state.setLabel(Uint32Array.of(0), pear)).rejects.toThrow('The disk is full.');
  await state.load();
  expect(state.table.image(0).classId).toBe(pear);
  isFull = false;
  await unsaved.saveAgain();
  current = datasetOf(9, 'apple');
  await state.load();
  expect(state.table.image(0).classId).toBe(apple);
});

test('asks again when someone else changed the dataset', async () => {
  let current = datasetOf(7, 'apple');
  const core = createFakeCore({ dataset: () => current });
  const state = stateOf(core.client);
  state.start();
  await state.load();
  current = datasetOf(9, 'pear');
  core.tell(9);
  await vi.waitFor(() => expect(state.current.revision).toBe(9));
  expect(state.counts.byClass.get(pear)).toBe(1);
});

test('asks for no more than what changed since what it shows', async () => {
  let current = datasetOf(7, 'apple');
  const core = createFakeCore({ dataset: () => current });
  const state = stateOf(core.client);
  state.start();
  await state.load();
  current = datasetOf(9, 'pear');
  core.tell(9);
  await vi.waitFor(() => expect(state.current.revision).toBe(9));
  expect(core.openBytes.mock.calls).toEqual([['/bytes/dataset/project-1'], ['/bytes/dataset/project-1?since=7']]);
});

test('goes on showing a label that is under way when news come in from before it', async () => {
  const answer = Promise.withResolvers<unknown>();
  const core = createFakeCore({ dataset: () => datasetOf(7, 'apple'), 'dataset.setLabel': () => answer.promise });
  const state = stateOf(core.client);
  await state.load();
  const loading = state.load();
  const setting = state.setLabel(Uint32Array.of(0), pear);
  await loading;
  expect(state.table.image(0).classId).toBe(pear);
  answer.reject(new AppError('not-found', 'There is no such class.'));
  await expect(setting).rejects.toThrow('There is no such class.');
  expect(state.table.image(0).classId).toBe(apple);
  expect(core.openBytes.mock.lastCall).toEqual(['/bytes/dataset/project-1']);
});

test('keys 1–9 are the first classes of a short list, and the last used of a long one', async () => {
  const short = stateOf(createFakeCore({ dataset: () => datasetOf(1, null, 12) }).client);
  await short.load();
  const fewKeys = new ClassKeys(short);
  fewKeys.use(classIdOf('class-9'));
  expect(fewKeys.keyOf(apple)).toBe('1');
  expect(fewKeys.keyOf(classIdOf('class-9'))).toBeNull();

  const long = stateOf(createFakeCore({ dataset: () => datasetOf(1, null, 40) }).client);
  await long.load();
  const manyKeys = new ClassKeys(long);
  for (let number = 10; number < 20; number += 1) manyKeys.use(classIdOf(`class-${String(number)}`));
  // The tenth took the place of the one not used for longest; the others keep their keys.
  const keyed = [19, 11, 12, 13, 14, 15, 16, 17, 18].map((number) => manyKeys.keyOf(classIdOf(`class-${number}`)));
  expect(keyed).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
});

test('a class keeps the key that it has for good, and the others share what is left', async () => {
  const dataset = datasetOf(1, null, 4);
  const classes = dataset.classes.map((one) => (one.id === pear ? { ...one, key: '1' } : one));
  const state = stateOf(createFakeCore({ dataset: () => ({ ...dataset, classes }) }).client);
  await state.load();
  const keys = new ClassKeys(state);
  expect(state.classes.map(({ id }) => keys.keyOf(id))).toEqual(['2', '1', '3', '4']);
});
