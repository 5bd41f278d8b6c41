import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splits, type Split } from '../../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import { imageMarks } from '../../../src-shared/domain/image-mark.ts';
import type { DatasetStore } from '../../../src-main/storage/dataset-store.ts';
import { openProjectDatabase } from '../../../src-main/storage/project-database.ts';
import { readModel, type Model, type ModelClass, type ModelImage } from '../../support/dataset-model.ts';
import { imageIdOf, newImage } from '../../support/new-images.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const at = '2026-01-01T00:00:00Z';
const imageCount = 6;

const number = fc.nat({ max: 30 });
const images = fc.uniqueArray(fc.nat({ max: imageCount - 1 }), { minLength: 1 });
const tags = fc.uniqueArray(fc.constantFrom<string[]>('blurry', 'indoors', 'take two'), { maxLength: 2 });
const kind = <const Kind extends string>(value: Kind) => fc.constant(value);
const edit = fc.oneof(
  fc.record({ kind: kind('label'), images, target: fc.option(number) }),
  fc.record({ kind: kind('mark'), images, mark: fc.option(fc.constantFrom(...imageMarks)) }),
  fc.record({ kind: kind('tags'), images, add: tags, remove: tags }),
  fc.record({ kind: kind('trash'), images }),
  fc.record({ kind: kind('restore'), images }),
  fc.record({ kind: kind('restore-state'), image: fc.nat({ max: imageCount - 1 }), entry: number }),
  fc.record({ kind: kind('share-out'), images, split: fc.constantFrom<Split[]>(...splits) }),
  fc.record({ kind: kind('add'), name: number }),
  fc.record({ kind: kind('rename'), target: number, name: number }),
  fc.record({
    kind: kind('change'),
    target: number,
    change: fc.record(
      {
        color: fc.option(fc.integer({ min: 1, max: 12 })),
        key: fc.option(fc.constantFrom('1', '2', 'A')),
        description: fc.constantFrom('', 'round'),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ kind: kind('order'), shift: number }),
  fc.record({ kind: kind('merge'), target: number, into: number }),
  fc.record({ kind: kind('delete'), target: number, into: fc.option(number) }),
  fc.record({ kind: kind('empty-trash') }),
  fc.record({ kind: kind('undo') }),
  fc.record({ kind: kind('redo') }),
  fc.record({ kind: kind('restart') }),
);
type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;
type Ask = Exclude<Edit, { kind: 'undo' | 'redo' | 'restart' | 'empty-trash' }>;

/** Every state that undo and redo lead to, and which of them is in place. */
class Timeline {
  states: Model[];
  current = 0;

  constructor(start: Model) {
    this.states = [start];
  }

  get model(): Model {
    return this.states[this.current]!;
  }

  push(next: Model): void {
    this.states.splice(this.current + 1, Infinity, next);
    this.current += 1;
  }

  /** Without the images in the trash, for good; what then changes nothing is no edit any more. */
  emptyTrash(): void {
    const gone = new Set(this.model.images.filter(({ isTrashed }) => isTrashed).map((image) => image.number));
    const kept: Model[] = [];
    let current = 0;
    this.states.forEach((state, index) => {
      const next = { ...state, images: state.images.filter((image) => !gone.has(image.number)) };
      if (kept.length === 0 || !isSame(kept.at(-1)!, next)) kept.push(next);
      if (index === this.current) current = kept.length - 1;
    });
    this.states = kept;
    this.current = current;
  }

  /** The states of an image after each edit in effect that changed it, latest first; the last is that after its import. */
  pastOf(image: number): readonly ModelImage[] {
    const states = this.states
      .slice(0, this.current + 1)
      .map((state) => state.images.find((one) => one.number === image)!);
    return states.filter((state, index) => index === 0 || !isSame(states[index - 1], state)).toReversed();
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What an edit should make of a dataset; null: it is refused. The same model: nothing to do. */
function expected(model: Model, ask: Ask, timeline: Timeline, newId: ClassId | null): Model | null {
  const { classes } = model;
  const pick = (index: number): ModelClass | undefined => classes[index % Math.max(1, classes.length)];
  const chosen = 'images' in ask ? new Set(ask.images.map((index) => index + 1)) : new Set<number>();
  const present = model.images.filter((image) => chosen.has(image.number) && !image.isTrashed);
  const change = (of: (image: ModelImage) => ModelImage): Model => ({
    ...model,
    images: model.images.map((image) => (chosen.has(image.number) ? of(image) : image)),
  });
  const without = (gone: ModelClass, to: ClassId | null): Model => ({
    ...model,
    classes: classes.filter(({ id }) => id !== gone.id),
    images: model.images.map((image) => (image.label === gone.id ? { ...image, label: to } : image)),
  });
  switch (ask.kind) {
    case 'label': {
      const label = ask.target === null ? null : pick(ask.target)?.id;
      if (label === undefined || present.length < chosen.size) return null;
      return change((image) => ({ ...image, label, mark: label === null ? image.mark : null }));
    }
    case 'mark':
      return present.length < chosen.size ? null : change((image) => ({ ...image, mark: ask.mark }));
    case 'tags':
      if (present.length < chosen.size) return null;
      return change((image) => {
        const left = image.tags.filter((tag) => !ask.remove.includes(tag) || ask.add.includes(tag));
        return { ...image, tags: [...new Set([...left, ...ask.add])].sort() };
      });
    case 'trash':
      return present.length < chosen.size ? null : change((image) => ({ ...image, isTrashed: true }));
    case 'restore': {
      const trashed = model.images.filter((image) => chosen.has(image.number) && image.isTrashed);
      return trashed.length < chosen.size ? null : change((image) => ({ ...image, isTrashed: false }));
    }
    case 'restore-state': {
      const image = ask.image + 1;
      const past = timeline.pastOf(image);
      const wanted = past[ask.entry % past.length];
      if (!wanted || (wanted.label !== null && !classes.some(({ id }) => id === wanted.label))) return null;
      return { ...model, images: model.images.map((one) => (one.number === image ? wanted : one)) };
    }
    case 'share-out': {
      // Of the chosen ones those that are there; the ratios change with every share-out.
      const placed = change((image) => (image.isTrashed ? image : { ...image, split: ask.split }));
      return { ...placed, seed: model.seed + 1 };
    }
    case 'add': {
      const name = `name ${ask.name}`;
      if (classes.some((one) => one.name === name) || newId === null) return null;
      const made = { id: newId, name, key: null, description: '', color: null };
      return { ...model, classes: [...classes, made] };
    }
    case 'rename': {
      const name = `name ${ask.name}`;
      const target = pick(ask.target);
      if (!target || classes.some((one) => one.name === name && one.id !== target.id)) return null;
      return { ...model, classes: classes.map((one) => (one.id === target.id ? { ...one, name } : one)) };
    }
    case 'change': {
      const target = pick(ask.target);
      if (!target) return null;
      const { color = target.color, key = target.key, description = target.description } = ask.change;
      return {
        ...model,
        classes: classes.map((one) => {
          if (one.id === target.id) return { ...one, color, key, description };
          return key !== null && one.key === key ? { ...one, key: null } : one;
        }),
      };
    }
    case 'order': {
      const shift = ask.shift % Math.max(1, classes.length);
      return { ...model, classes: [...classes.slice(shift), ...classes.slice(0, shift)] };
    }
    case 'merge': {
      const [target, into] = [pick(ask.target), pick(ask.into)];
      return !target || !into || target.id === into.id ? null : without(target, into.id);
    }
    case 'delete': {
      const target = pick(ask.target);
      const into = ask.into === null ? null : pick(ask.into)?.id;
      return !target || into === undefined || target.id === into ? null : without(target, into);
    }
  }
}

/** Does an edit; answers the id of a class that it made. */
function perform(dataset: DatasetStore, ask: Ask, model: Model): ClassId | null {
  const pick = (index: number): ClassId =>
    model.classes[index % Math.max(1, model.classes.length)]?.id ?? ('none' as ClassId);
  const ids = 'images' in ask ? ask.images.map(imageIdOf) : [];
  switch (ask.kind) {
    case 'label':
      dataset.setLabel(ids, ask.target === null ? null : pick(ask.target), at);
      return null;
    case 'mark':
      dataset.setMark(ids, ask.mark, at);
      return null;
    case 'tags':
      dataset.tags.change(ids, ask, at);
      return null;
    case 'trash':
      dataset.trash.put(ids, at);
      return null;
    case 'restore':
      dataset.trash.restore(ids, at);
      return null;
    case 'restore-state': {
      const entries = dataset.history.list(imageIdOf(ask.image));
      const entry = entries[ask.entry % entries.length]!;
      dataset.history.restore(imageIdOf(ask.image), entry.edit, at);
      return null;
    }
    case 'share-out': {
      const there = new Set(dataset.pool().images.map(({ id }) => id));
      const placed = new Map(ids.filter((id) => there.has(id)).map((id): [ImageId, Split] => [id, ask.split]));
      dataset.shareOut(placed, { validation: 0.1, test: 0.1, seed: model.seed + 1 }, at);
      return null;
    }
    case 'add':
      return dataset.addClass(`name ${ask.name}`, at).classId;
    case 'rename':
      dataset.renameClass(pick(ask.target), `name ${ask.name}`, at);
      return null;
    case 'change':
      dataset.changeClass(pick(ask.target), ask.change, at);
      return null;
    case 'order': {
      const shift = ask.shift % Math.max(1, model.classes.length);
      const all = model.classes.map(({ id }) => id);
      dataset.orderClasses([...all.slice(shift), ...all.slice(0, shift)], at);
      return null;
    }
    case 'merge':
      dataset.mergeClass(pick(ask.target), pick(ask.into), at);
      return null;
    case 'delete':
      dataset.deleteClass(pick(ask.target), at, ask.into === null ? null : pick(ask.into));
      return null;
  }
}

it(
  'equals a model in memory whatever is done, undone and redone, over restarts',
  () => {
    const folder = temporaryFolder();
    let trial = 0;
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 40 }), (edits) => {
        trial += 1;
        const file = path.join(folder, `${trial}.sqlite`);
        let database = openProjectDatabase(file, 'write');
        database.dataset.addImages(
          Array.from({ length: imageCount }, (_, index) => newImage(index, index % 3 === 0 ? null : 'first')),
          at,
        );
        const timeline = new Timeline(readModel(file));
        for (const step of edits) {
          const { dataset } = database;
          const before = dataset.revision();
          if (step.kind === 'restart') {
            database.close();
            database = openProjectDatabase(file, 'write');
          } else if (step.kind === 'empty-trash') {
            dataset.trash.forget(100, at);
            timeline.emptyTrash();
          } else if (step.kind === 'undo') {
            if (timeline.current > 0) {
              dataset.undo();
              timeline.current -= 1;
            } else expect(() => dataset.undo()).toThrow();
          } else if (step.kind === 'redo') {
            if (timeline.current < timeline.states.length - 1) {
              dataset.redo();
              timeline.current += 1;
            } else expect(() => dataset.redo()).toThrow();
          } else {
            const { model } = timeline;
            let newId: ClassId | null = null;
            let isRefused = false;
            try {
              newId = perform(dataset, step, model);
            } catch (error) {
              expect(error).toMatchObject({ name: 'AppError' });
              isRefused = true;
            }
            const next = expected(model, step, timeline, newId);
            expect([step, isRefused]).toEqual([step, next === null]);
            if (next !== null && !isSame(next, model)) timeline.push(next);
            expect(dataset.revision() > before).toBe(next !== null && !isSame(next, model));
          }
          expect(readModel(file)).toEqual(timeline.model);
        }
        const { dataset } = database;
        const { model } = timeline;
        const there = model.images.filter(({ isTrashed }) => !isTrashed);
        expect(dataset.read().images.map(({ id }) => id)).toEqual(there.map((one) => imageIdOf(one.number - 1)));
        expect(dataset.skippedImages()).toEqual(
          new Set(there.filter(({ mark }) => mark === 'skip').map((one) => imageIdOf(one.number - 1))),
        );
        for (const one of model.images) {
          expect(dataset.history.list(imageIdOf(one.number - 1))).toHaveLength(timeline.pastOf(one.number).length);
        }
        expect(database.findDamage()).toEqual([]);
        database.close();
      }),
      { numRuns: Number(process.env['GRAFT_DATASET_TRIALS'] ?? 60) },
    );
  },
  Number(process.env['GRAFT_DATASET_TRIALS'] ?? 60) * 500,
);
