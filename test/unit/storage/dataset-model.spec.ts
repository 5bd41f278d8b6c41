import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { openProjectDatabase } from '../../../src-main/storage/project-database.ts';
import { imageIdOf, newImage } from '../../support/new-images.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const at = '2026-01-01T00:00:00Z';
const imageCount = 6;

/** The dataset as it should be: plain values, undo by keeping every state. */
interface Model {
  readonly classes: readonly { readonly id: ClassId; readonly name: string }[];
  readonly labels: readonly (ClassId | null)[];
}

const number = fc.nat({ max: 30 });
const edit = fc.oneof(
  fc.record({
    kind: fc.constant('label' as const),
    images: fc.uniqueArray(fc.nat({ max: imageCount - 1 }), { minLength: 1 }),
    target: fc.option(number),
  }),
  fc.record({ kind: fc.constant('add' as const), name: number }),
  fc.record({ kind: fc.constant('rename' as const), target: number, name: number }),
  fc.record({ kind: fc.constant('delete' as const), target: number }),
  fc.record({ kind: fc.constant('undo' as const) }),
  fc.record({ kind: fc.constant('redo' as const) }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

it('equals a model in memory whatever is done, undone and redone, over restarts', () => {
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
      const start = database.dataset.read();
      const states: Model[] = [
        {
          classes: start.classes.map(({ id, name }) => ({ id, name })),
          labels: start.images.map(({ classId }) => classId),
        },
      ];
      let current = 0;
      const push = (next: Model): void => {
        states.splice(current + 1, Infinity, next);
        current += 1;
      };
      for (const step of edits) {
        const model = states[current]!;
        const pick = (index: number): ClassId | undefined =>
          model.classes[index % Math.max(1, model.classes.length)]?.id;
        const { dataset } = database;
        if (step.kind === 'restart') {
          database.close();
          database = openProjectDatabase(file, 'write');
        } else if (step.kind === 'undo') {
          if (current > 0) {
            dataset.undo();
            current -= 1;
          } else expect(() => dataset.undo()).toThrow();
        } else if (step.kind === 'redo') {
          if (current < states.length - 1) {
            dataset.redo();
            current += 1;
          } else expect(() => dataset.redo()).toThrow();
        } else if (step.kind === 'label') {
          const classId = step.target === null ? null : pick(step.target);
          if (classId === undefined) continue;
          const { changed } = dataset.setLabel(step.images.map(imageIdOf), classId, at);
          const labels = model.labels.map((label, index) => (step.images.includes(index) ? classId : label));
          expect(changed).toBe(labels.filter((label, index) => label !== model.labels[index]).length);
          if (changed > 0) push({ ...model, labels });
        } else if (step.kind === 'add') {
          const name = `name ${step.name}`;
          if (model.classes.some((item) => item.name === name)) expect(() => dataset.addClass(name, at)).toThrow();
          else push({ ...model, classes: [...model.classes, { id: dataset.addClass(name, at).classId, name }] });
        } else {
          const classId = pick(step.target);
          if (classId === undefined) continue;
          if (step.kind === 'delete') {
            dataset.deleteClass(classId, at);
            push({
              classes: model.classes.filter(({ id }) => id !== classId),
              labels: model.labels.map((label) => (label === classId ? null : label)),
            });
          } else {
            const name = `name ${step.name}`;
            const holder = model.classes.find((item) => item.name === name);
            if (holder && holder.id !== classId) expect(() => dataset.renameClass(classId, name, at)).toThrow();
            else {
              dataset.renameClass(classId, name, at);
              if (!holder)
                push({
                  ...model,
                  classes: model.classes.map((item) => (item.id === classId ? { ...item, name } : item)),
                });
            }
          }
        }
        const read = database.dataset.read();
        expect({
          classes: read.classes.map(({ id, name }) => ({ id, name })),
          labels: read.images.map(({ classId }) => classId),
        }).toEqual(states[current]);
      }
      expect(database.findDamage()).toEqual([]);
      database.close();
    }),
    { numRuns: 40 },
  );
});
