import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { settingsContract } from '../../../src-shared/contract/settings.contract.ts';
import { datasetContract } from '../../../src-shared/contract/dataset.contract.ts';
import type { Handlers } from '../../../src-shared/contract/contract.ts';
import { createDispatcher, type Dispatch } from '../../../src-main/core/dispatcher.ts';
import { createMemoryLogger } from '../../support/small-core.ts';

const settings = { language: 'en', theme: 'dark' } as const;
type Answers = Handlers<keyof typeof settingsContract>;

function dispatcherWith(handlers: Partial<Answers>): { dispatch: Dispatch; errors: readonly string[] } {
  const logger = createMemoryLogger();
  const dispatch = createDispatcher({ commands: settingsContract, handlers: handlers as Answers, logger });
  return { dispatch, errors: logger.errors };
}

describe('a command', () => {
  test('is answered with what its handler says', async () => {
    const { dispatch } = dispatcherWith({ 'settings.set': (input) => ({ ...input, theme: 'light' }) });
    expect(await dispatch('settings.set', settings)).toEqual({ ok: true, value: { language: 'en', theme: 'light' } });
  });

  test.each(['settings.nothing', '', '__proto__', 'constructor', 'toString', 'dataset.get'])(
    'that is none of them (%j) is refused by name',
    async (name) => {
      const { dispatch } = dispatcherWith({});
      expect(await dispatch(name, {})).toMatchObject({ ok: false, error: { code: 'unsupported' } });
    },
  );

  test.each([
    [{ theme: 'dark' }, 'Expected ‹"language"› for ‹language›, received ‹nothing›.'],
    [{ ...settings, theme: 7 }, 'Expected ‹("system" | "light" | "dark")› for ‹theme›, received ‹7›.'],
    [{ ...settings, colour: 'red' }, 'Expected ‹no such field› for ‹colour›, received ‹a value›.'],
    [null, 'Expected ‹Object› for ‹input›, received ‹null›.'],
    [undefined, 'Expected ‹Object› for ‹input›, received ‹nothing›.'],
  ])('with the input %j says what is wrong with it, for every language', async (input, text) => {
    const { dispatch } = dispatcherWith({ 'settings.set': () => settings });
    const message = { text, key: 'expectedFor' };
    expect(await dispatch('settings.set', input)).toMatchObject({ ok: false, error: { code: 'bad-input', message } });
  });

  test('whose input is larger than it may be never reaches the schema', async () => {
    const { dispatch } = dispatcherWith({ 'settings.set': () => settings });
    const answer = await dispatch('settings.set', { ...settings, theme: 'x'.repeat(300 * 1024) });
    expect(answer).toMatchObject({
      ok: false,
      error: { message: { text: expect.stringContaining('at most 262144 bytes') as string } },
    });
  });

  test('may have eight megabytes where its contract says so', async () => {
    const logger = createMemoryLogger();
    const handlers = { 'dataset.setLabel': () => ({ revision: 2, changed: 1 }) } as Partial<
      Handlers<keyof typeof datasetContract>
    >;
    const dispatch = createDispatcher({
      commands: datasetContract,
      handlers: handlers as Handlers<keyof typeof datasetContract>,
      logger,
    });
    const imageIds = Array.from({ length: 20_000 }, (_, index) => index.toString(16).padStart(64, '0'));
    const answer = await dispatch('dataset.setLabel', { projectId: 'project-0001', imageIds, classId: 'cats' });
    expect(answer).toEqual({ ok: true, value: { revision: 2, changed: 1 } });
  });
});

describe('a failure', () => {
  test('that is expected travels with its code, its words and whether to try again', async () => {
    const { dispatch, errors } = dispatcherWith({
      'settings.get': () => {
        throw new AppError('read-only', 'Held by another Graft.', { retry: true, detail: { pid: 7 } });
      },
    });
    const error = { code: 'read-only', message: 'Held by another Graft.', retry: true, detail: { pid: 7 } };
    expect({ answer: await dispatch('settings.get', {}), errors }).toEqual({
      answer: { ok: false, error },
      errors: [],
    });
  });

  test.each([
    ['ENOSPC', 'disk-full'],
    ['EACCES', 'no-access'],
  ])('of the system (%s) is told as what it means', async (code, expected) => {
    const { dispatch } = dispatcherWith({
      'settings.get': () => Promise.reject(Object.assign(new Error(code), { code })),
    });
    expect(await dispatch('settings.get', {})).toMatchObject({ ok: false, error: { code: expected } });
  });

  test('that nobody expected is told plainly and logged with its reason', async () => {
    const { dispatch, errors } = dispatcherWith({
      'settings.get': () => Promise.reject(new TypeError('x is not a function')),
    });
    const answer = await dispatch('settings.get', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'bug', retry: false } });
    expect(JSON.stringify(answer)).not.toContain('not a function');
    expect(errors).toEqual(['settings.get failed: x is not a function']);
  });

  test('of a handler to keep its own contract is a bug', async () => {
    const { dispatch, errors } = dispatcherWith({ 'settings.get': () => ({ language: 'fr' }) as never });
    expect(await dispatch('settings.get', {})).toMatchObject({ ok: false, error: { code: 'bug' } });
    expect(errors[0]).toContain('answered against its contract');
  });
});
