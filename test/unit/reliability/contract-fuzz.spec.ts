import path from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { coreCommands, type CoreCommandName } from '../../../src-shared/contract/contract.ts';
import { envelopeSchema } from '../../../src-shared/contract/envelope.ts';
import type { Core } from '../../../src-main/core/core.ts';
import { createInProcessClient } from '../../../src-main/core/in-process-client.ts';
import { composeIn } from '../../contract/compose-for-test.ts';
import { sampleInput } from '../../contract/sample-inputs.ts';
import { writeFiles } from '../../support/picture-files.ts';
import { readProjectRows } from '../../support/project-rows.ts';
import { note, soakTimeoutMs, times } from '../../support/soak.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';

/** What would reach out of the folder: a download of a gigabyte, a sample of thousands of images. */
const leftOut: ReadonlySet<string> = new Set(['runtime.install', 'runtime.cancel', 'project.openSample']);
const names = (Object.keys(coreCommands) as CoreCommandName[]).filter((name) => !leftOut.has(name));

let home: string;
let core: Core;
let errors: readonly string[];
/** Values of the project that is open: with them an input gets as far as the work itself. */
let known: readonly unknown[];

beforeAll(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), 'graft-test-'));
  const composed = await composeIn(home);
  ({ core, errors } = composed);
  const client = createInProcessClient(core);
  const project = await client.call('project.create', { name: 'Fuzzed', parent: null });
  const source = path.join(home, 'source');
  await writeFiles(source, { 'one/1.png': 1, 'one/2.png': 2, '3.png': 3 });
  const { token } = await core.host.grantFolder(source);
  const ended = new Promise<void>((resolve) => {
    client.on('import.changed', ({ job }) => job.status !== 'running' && resolve());
  });
  await client.call('import.start', { projectId: project.id, sources: [token], ratios: null });
  await ended;
  const { id: snapshotId } = await client.call('snapshot.take', { projectId: project.id });
  const { images, classes } = readProjectRows(project.path);
  const ids = images.map(({ id }) => id);
  // One class with images: a training is refused before it starts.
  known = [project.id, ids[0], ids, [ids[1]], classes[0]?.id, 'classic', token, snapshotId, 'efficientnet-lite0'];
});

afterAll(async () => {
  await core.close();
  rmSync(home, { recursive: true, force: true });
});

const anyValue = fc.oneof(
  { weight: 3, arbitrary: fc.nat().map((index) => known[index % known.length]) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  fc.constantFrom(null, '', '..', '__proto__', -1, 0, 1e308, Number.MAX_SAFE_INTEGER, [], {}, [[]], 'a'.repeat(5000)),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** A valid input of which some parts are anything, or anything alone. */
function inputOf(name: CoreCommandName): fc.Arbitrary<unknown> {
  const sample = sampleInput(name) as Record<string, unknown>;
  const keys = Object.keys(sample);
  const changed = fc
    .tuple(fc.subarray(keys), fc.array(anyValue, { minLength: keys.length, maxLength: keys.length }))
    .map(([replaced, values]) => ({
      ...sample,
      ...('projectId' in sample && { projectId: known[0] }),
      ...Object.fromEntries(replaced.map((key, index) => [key, values[index]])),
    }));
  return fc.oneof({ weight: 4, arbitrary: changed }, anyValue, fc.dictionary(fc.string({ maxLength: 12 }), anyValue));
}

it(
  'answers every command with whatever input by an answer or a typed error, and goes on',
  { timeout: soakTimeoutMs },
  async () => {
    const counts = new Map<string, number>();
    const seed = Number(process.env['GRAFT_SOAK_SEED'] ?? 20_261_124);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), inputOf(name))),
        async ([name, input]) => {
          const envelope = v.parse(envelopeSchema, await core.dispatch(name, input));
          const code = envelope.ok ? 'answered' : envelope.error.code;
          counts.set(code, (counts.get(code) ?? 0) + 1);
          expect([name, code, code === 'bug' ? errors.at(-1) : '']).toEqual([
            name,
            expect.not.stringMatching(/^bug$/),
            '',
          ]);
        },
      ),
      { numRuns: times(250, 10_000), seed },
    );
    note(`contract fuzz, seed ${seed}: ${JSON.stringify(Object.fromEntries(counts))}`);
    expect(errors).toEqual([]);
    expect(await core.dispatch('project.list', {})).toMatchObject({ ok: true });
  },
);
