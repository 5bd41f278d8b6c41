import { expect, test } from 'vitest';
import { createEventHub } from '../../../src-main/core/event-hub.ts';
import { createMemoryLogger } from '../../support/small-core.ts';

const settings = (theme: 'light' | 'dark'): { settings: { language: 'en'; theme: 'light' | 'dark' } } => ({
  settings: { language: 'en', theme },
});

test('tells events in order, to those who listen by name and to those who listen to all', () => {
  const hub = createEventHub({ logger: createMemoryLogger(), checksPayloads: true });
  const named: unknown[] = [];
  const all: string[] = [];
  const stop = hub.on('settings.changed', (payload) => named.push(payload.settings.theme));
  hub.onAny((event) => all.push(event.name));
  hub.emit('settings.changed', settings('light'));
  hub.emit('project.listChanged', {});
  hub.emit('settings.changed', settings('dark'));
  stop();
  hub.emit('settings.changed', settings('light'));
  expect({ named, all }).toEqual({
    named: ['light', 'dark'],
    all: ['settings.changed', 'project.listChanged', 'settings.changed', 'settings.changed'],
  });
});

test('keeps telling when one listener fails, and logs the failure', () => {
  const logger = createMemoryLogger();
  const hub = createEventHub({ logger, checksPayloads: true });
  const heard: string[] = [];
  hub.onAny(() => {
    throw new Error('no');
  });
  hub.onAny((event) => heard.push(event.name));
  hub.emit('project.listChanged', {});
  expect({ heard, errors: logger.errors }).toEqual({
    heard: ['project.listChanged'],
    errors: ['A listener of project.listChanged failed: no'],
  });
});

test('passes no payload on that is against the contract', () => {
  const logger = createMemoryLogger();
  const hub = createEventHub({ logger, checksPayloads: true });
  const heard: unknown[] = [];
  hub.onAny((event) => heard.push(event));
  hub.emit('settings.changed', { settings: { language: 'fr' } } as never);
  expect(heard).toEqual([]);
  expect(logger.errors[0]).toContain('against its contract');
});
