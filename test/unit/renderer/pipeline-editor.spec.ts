import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { PipelineEditor } from '../../../src-renderer/state/pipeline-editor.svelte.ts';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import { classicPipeline, createStep, type Pipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';

const classic = classicPipeline(v.parse(pipelineIdSchema, 'classic'), 'Classic');
const theirs: Pipeline = { ...classic, name: 'Theirs', training: classic.training.slice(1) };

let saved: Pipeline[];
let editor: PipelineEditor;

beforeEach(() => {
  vi.useFakeTimers();
  saved = [];
  editor = new PipelineEditor(classic, {
    save: async (pipeline) => {
      saved.push(pipeline);
      await Promise.resolve();
    },
    fail: () => undefined,
  });
});
afterEach(() => vi.useRealTimers());

describe('a pipeline that is open in two windows', () => {
  it('becomes what the other one saved, and undo brings back what was here', async () => {
    expect(editor.learn(theirs)).toBe(true);
    expect(editor.pipeline).toEqual(theirs);
    await vi.runAllTimersAsync();
    expect(saved).toEqual([]);
    editor.undo();
    await vi.runAllTimersAsync();
    expect(saved).toEqual([classic]);
  });

  it('knows its own saves again, also when it was changed further since', async () => {
    editor.rename('Mine');
    await editor.flush();
    editor.rename('Mine too');
    expect(editor.learn(structuredClone({ ...classic, name: 'Mine' }))).toBe(false);
    expect(editor.theirs).toBeNull();
    expect(editor.pipeline.name).toBe('Mine too');
  });

  it('asks when both have changes, and saves nothing until the person has chosen', async () => {
    editor.rename('Mine');
    expect(editor.learn(theirs)).toBe(false);
    editor.deriveEvaluation();
    await vi.runAllTimersAsync();
    await editor.flush();
    expect(saved).toEqual([]);
    expect(editor.theirs).toEqual(theirs);
    await editor.keepMine();
    expect(saved.map(({ name }) => name)).toEqual(['Mine']);
    expect(editor.theirs).toBeNull();
  });

  it('gives up its own changes when the person takes the other version', async () => {
    editor.rename('Mine');
    editor.learn(theirs);
    editor.takeTheirs();
    await vi.runAllTimersAsync();
    expect([editor.pipeline, editor.saveState, saved]).toEqual([theirs, 'saved', []]);
    editor.undo();
    expect(editor.pipeline.name).toBe('Mine');
  });

  it('still sees the other version after a save of its own failed', async () => {
    const failing = new PipelineEditor(classic, {
      save: () => Promise.reject(new Error('disk')),
      fail: () => undefined,
    });
    failing.rename('Mine');
    await failing.flush();
    expect(failing.saveState).toBe('failed');
    expect(failing.learn(structuredClone(classic))).toBe(false);
    expect(failing.theirs).toBeNull();
    failing.learn(theirs);
    expect(failing.theirs).toEqual(theirs);
  });
});

describe('undo', () => {
  it('shows the list in which it changes something', () => {
    editor.deriveEvaluation();
    editor.part = 'evaluation';
    const [first] = editor.steps;
    if (first) editor.remove(first);
    editor.part = 'training';
    editor.undo();
    expect([editor.part, editor.steps[0]]).toEqual(['evaluation', first]);
  });

  it('stays where both lists change', () => {
    editor.part = 'evaluation';
    editor.startAgain();
    editor.undo();
    expect(editor.part).toBe('evaluation');
  });
});

describe('what is not saved', () => {
  it('is told until it is, also while the person has to choose between two versions', async () => {
    const told = [editor.isSaved];
    editor.rename('Mine');
    told.push(editor.isSaved);
    editor.learn(theirs);
    await editor.flush();
    told.push(editor.isSaved);
    await editor.keepMine();
    told.push(editor.isSaved);
    expect(told).toEqual([true, false, false, true]);
  });
});

describe('steps in containers', () => {
  /** Number, kind and id of every row. */
  const rows = (): readonly string[] => editor.rows.map(({ step, label }) => `${label} ${step.id}`);
  const stepOf = (id: string): PipelineStep => editor.rows.find(({ step }) => step.id === id)!.step;

  beforeEach(() => {
    const maybe: PipelineStep = {
      ...createStep('RandomApply', 'maybe'),
      steps: [createStep('RandomGrayscale', 'grey'), createStep('ColorJitter', 'jitter')],
    };
    editor = new PipelineEditor(
      { ...classic, training: [maybe, createStep('Resize', 'resize')] },
      { save: () => Promise.resolve(), fail: () => undefined },
    );
  });

  it('are added into the chosen container, or after the chosen step', () => {
    editor.select('maybe');
    editor.add('Pad');
    expect(rows()).toEqual(['1 maybe', '1a grey', '1b jitter', '1c pad', '2 resize']);
    editor.select('grey');
    editor.add('Pad');
    expect(rows().slice(0, 3)).toEqual(['1 maybe', '1a grey', '1b pad-2']);
    expect(editor.selected?.id).toBe('pad-2');
  });

  it('move in and out of them, place by place, and back', () => {
    const seen = (['up', 'up', 'up', 'up'] as const).map(() => {
      editor.moveBy(stepOf('resize'), -1);
      return rows().findIndex((row) => row.endsWith('resize'));
    });
    expect([seen, rows()[0]]).toEqual([[3, 2, 1, 0], '1 resize']);
    for (let step = 0; step < 4; step += 1) editor.moveBy(stepOf('resize'), 1);
    expect(rows()).toEqual(['1 maybe', '1a grey', '1b jitter', '2 resize']);
    editor.moveBy(stepOf('resize'), 1);
    expect(rows().at(-1)).toBe('2 resize');
  });

  it('are copied with their container under ids of their own', () => {
    editor.duplicate(stepOf('maybe'));
    expect(rows().slice(3)).toEqual(['2 randomapply', '2a randomgrayscale', '2b colorjitter', '3 resize']);
    editor.duplicate(stepOf('maybe'));
    expect(new Set(editor.rows.map(({ step }) => step.id)).size).toBe(10);
  });

  it('go with their container and come back with it', () => {
    editor.remove(stepOf('maybe'));
    expect([rows(), editor.selected?.id]).toEqual([['1 resize'], 'resize']);
    editor.undo();
    expect(rows()).toEqual(['1 maybe', '1a grey', '1b jitter', '2 resize']);
    editor.remove(stepOf('jitter'));
    expect(editor.selected?.id).toBe('grey');
    editor.remove(stepOf('grey'));
    expect([rows(), editor.selected?.id]).toEqual([['1 maybe', '2 resize'], 'maybe']);
  });

  it('change by themselves, and keep what is in them when they are set back to defaults', () => {
    editor.setParameter(stepOf('jitter'), 'hue', 0.2);
    editor.setEnabled(stepOf('grey'), false);
    editor.setParameter(stepOf('maybe'), 'p', 0.9);
    editor.resetParameters(stepOf('maybe'));
    expect(stepOf('maybe')).toMatchObject({
      parameters: { p: 0.5 },
      steps: [{ isEnabled: false }, { parameters: { hue: 0.2 } }],
    });
  });

  it('are chosen row by row', () => {
    editor.select('maybe');
    editor.selectBy(1);
    editor.selectBy(2);
    expect(editor.selected?.id).toBe('resize');
  });
});
