import * as v from 'valibot';
import { projectIdSchema, snapshotIdSchema } from '../domain/ids.ts';
import { snapshotSchema } from '../domain/snapshot.ts';
import { command, event } from './define.ts';

const inProject = { projectId: projectIdSchema };

export const snapshotContract = {
  /** Also of a project that cannot be opened because its database is damaged. */
  'snapshot.list': command('Earlier states of a project, latest first', {
    input: v.strictObject(inProject),
    output: v.strictObject({ snapshots: v.pipe(v.array(snapshotSchema), v.readonly()) }),
  }),
  'snapshot.take': command('Keep the present state of a project', {
    input: v.strictObject(inProject),
    output: snapshotSchema,
  }),
  /** `kept` is the state that was replaced; restoring it undoes this. Null where that was damaged. */
  'snapshot.restore': command('Put images, labels and pipelines back as they were', {
    input: v.strictObject({ ...inProject, snapshotId: snapshotIdSchema }),
    output: v.strictObject({ kept: v.nullable(snapshotIdSchema) }),
  }),
} as const;

export const snapshotEvents = {
  'snapshot.changed': event(v.strictObject(inProject)),
  /** The database of an open project turned out to be damaged. */
  'snapshot.damageFound': event(v.strictObject(inProject)),
} as const;
