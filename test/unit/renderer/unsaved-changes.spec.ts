import { expect, test } from 'vitest';
import type { PageClient } from '../../../src-renderer/client/page-client.ts';
import { UnsavedChanges } from '../../../src-renderer/state/unsaved-changes.svelte.ts';
import { AppError } from '../../../src-shared/contract/app-error.ts';

/** A core whose disk is full until the test says otherwise; remembers what it saved. */
function openCore() {
  const saved: unknown[] = [];
  const disk = { isFull: true };
  const call = (_name: string, input: unknown): Promise<unknown> => {
    if (disk.isFull) return Promise.reject(new AppError('disk-full', 'Full.', { retry: true }));
    saved.push(input);
    return Promise.resolve({ revision: 1, changed: 1 });
  };
  const unsaved = new UnsavedChanges();
  const client = unsaved.watch({ call } as unknown as PageClient);
  const label = (name: string): Promise<unknown> => client.call('dataset.setLabel', name as never);
  return { saved, disk, unsaved, client, label };
}

test('keeps what a full disk refuses and saves it in order when there is room', async () => {
  const { saved, disk, unsaved, label } = openCore();
  await expect(label('first')).rejects.toMatchObject({ code: 'disk-full' });
  await expect(label('second')).rejects.toMatchObject({ code: 'disk-full' });
  await unsaved.saveAgain();
  expect([unsaved.trouble?.kept.length, saved]).toEqual([2, []]);
  disk.isFull = false;
  await unsaved.saveAgain();
  expect([unsaved.trouble, saved]).toEqual([null, ['first', 'second']]);
});

test('a later change comes after the kept ones, so that the last label wins', async () => {
  const { saved, disk, unsaved, label } = openCore();
  await label('first').catch(() => undefined);
  disk.isFull = false;
  await label('second');
  expect([unsaved.trouble, saved]).toEqual([null, ['first', 'second']]);
});

test('keeps nothing that only reads, and nothing that is refused for another reason', async () => {
  const { unsaved, client } = openCore();
  await client.call('project.list', {}).catch(() => undefined);
  expect(unsaved.trouble).toBeNull();
});

test('tells of the failures of kept changes itself, and of no others', async () => {
  const { unsaved, label, client } = openCore();
  const failures = await Promise.all(
    [label('first'), label('second'), client.call('project.list', {})].map((call) =>
      call.then(
        () => null,
        (error: unknown) => error,
      ),
    ),
  );
  expect(failures.map((error) => unsaved.tells(error))).toEqual([true, true, false]);
});

test('counts what is being edited, and saves all at once', async () => {
  const { disk, unsaved, label } = openCore();
  const editor = { isSaved: false, flush: () => Promise.resolve(void (editor.isSaved = true)) };
  unsaved.follow(editor);
  expect(unsaved.areNone).toBe(false);
  await label('first').catch(() => undefined);
  await unsaved.saveAll();
  expect([editor.isSaved, unsaved.areNone]).toEqual([true, false]);
  disk.isFull = false;
  await unsaved.saveAll();
  expect(unsaved.areNone).toBe(true);
  editor.isSaved = false;
  unsaved.unfollow(editor);
  expect(unsaved.areNone).toBe(true);
});
