import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runTransform, type TransformOptions } from '../../../src-main/cli/transform.ts';
import { decodeImage } from '../../../src-main/imaging/decode.ts';

const goldens = fileURLToPath(new URL('../../fixtures/torchvision/', import.meta.url));
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-transform-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('graft transform', () => {
  test('applies one case to one file', async () => {
    const output = join(folder, 'deep', 'b.png');
    const { code, lines } = await run({
      type: 'one',
      caseJson: '{"op":"resize","params":{"size":[50,90],"interpolation":"bilinear"}}',
      inputPath: join(goldens, 'coffee.png'),
      outputPath: output,
    });
    expect(code).toBe(0);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      type: 'result',
      output,
      kind: 'picture',
      width: 90,
      height: 50,
    });
    expect(await decodeImage(output)).toEqual(await decodeImage(join(goldens, 'coffee-006-resize.png')));
  });

  test('writes tensors as little-endian float32 with the channels apart', async () => {
    const output = join(folder, 'b.f32');
    const mean = [0.485, 0.456, 0.406];
    const std = [0.229, 0.224, 0.225];
    const { code } = await run({
      type: 'one',
      caseJson: JSON.stringify({ op: 'to_tensor_normalize', params: { mean, std } }),
      inputPath: join(goldens, 'chelsea.png'),
      outputPath: output,
    });
    expect(code).toBe(0);
    expect(await readFile(output)).toEqual(await readFile(join(goldens, 'chelsea-086-to_tensor_normalize.f32')));
  });

  test('does a file of cases, names what is not there, and does the rest', async () => {
    const input = join(goldens, 'chelsea.png');
    const casesPath = await writeCases([
      { id: 'one', op: 'hflip', params: {}, input, expected: 'one.png' },
      { id: 'two', op: 'swirl', params: {}, input, expected: 'two.png' },
      { id: 'three', op: 'vflip', params: {}, input, expected: 'three.png' },
    ]);
    const { code, lines, errors } = await run({ type: 'many', casesPath, outputFolder: join(folder, 'out') });
    expect(code).toBe(0);
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['one.png', 'three.png']);
    expect(errors).toEqual([
      expect.stringMatching(/^two: There is no operation ‹swirl›; there are resize, /) as string,
    ]);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      type: 'result',
      written: 2,
      failed: 0,
      skipped: [{ case: 'two', op: 'swirl' }],
    });
  });

  test('fails for wrong parameters and for outputs that would leave the folder', async () => {
    const input = join(goldens, 'chelsea.png');
    const casesPath = await writeCases([
      { id: 'one', op: 'adjust_hue', params: { factor: 0.7 }, input, expected: 'one.png' },
      { id: 'two', op: 'hflip', params: {}, input, expected: '../two.png' },
    ]);
    const { code, errors } = await run({ type: 'many', casesPath, outputFolder: join(folder, 'out') });
    expect(code).toBe(1);
    expect(errors[0]).toContain('one: Wrong parameter ‹factor›');
    expect(errors[1]).toContain('two: Expected ‹a name inside the output folder›');
    expect((await readdir(folder)).sort()).toEqual(['cases.json']);
  });

  test.each([
    ['{"op":', 2, 'Expected ‹JSON› for ‹--case›'],
    ['{"params":{}}', 2, 'Wrong ‹--case› at ‹op›'],
    ['{"op":"swirl"}', 1, 'There is no operation ‹swirl›'],
    ['{"op":"pad","params":{"padding":[1,2,3]}}', 2, 'Wrong parameter ‹padding›'],
  ])('answers %s with exit code %i', async (caseJson, expectedCode, message) => {
    const inputPath = join(goldens, 'chelsea.png');
    const { code, errors } = await run({ type: 'one', caseJson, inputPath, outputPath: join(folder, 'b.png') });
    expect(code).toBe(expectedCode);
    expect(errors).toEqual([expect.stringContaining(message) as string]);
  });

  test('names an input that cannot be read', async () => {
    const inputPath = join(folder, 'gone.png');
    const { code, errors } = await run({
      type: 'one',
      caseJson: '{"op":"hflip"}',
      inputPath,
      outputPath: join(folder, 'b.png'),
    });
    expect(code).toBe(1);
    expect(errors).toEqual([`${inputPath}: The file is not there any more: put it back, or leave it out`]);
  });
});

type Request = TransformOptions extends infer Options
  ? Options extends unknown
    ? Omit<Options, 'isJson'>
    : never
  : never;

async function run(
  request: Request,
): Promise<{ readonly code: number; readonly lines: readonly string[]; readonly errors: readonly string[] }> {
  const lines: string[] = [];
  const errors: string[] = [];
  const code = await runTransform(
    { ...request, isJson: true },
    { writeOutput: (line) => lines.push(line), writeError: (line) => errors.push(line) },
  );
  return { code, lines, errors };
}

async function writeCases(cases: readonly object[]): Promise<string> {
  const path = join(folder, 'cases.json');
  await writeFile(path, JSON.stringify({ cases }));
  return path;
}
