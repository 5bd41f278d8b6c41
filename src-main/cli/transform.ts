import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { decodeImage, encodePng } from '../imaging/decode.ts';
import { isOperationName, operationNames, runOperation } from '../imaging/fixed-operations.ts';
import { toChannelsFirst } from '../imaging/kernels/tensor.ts';
import type { ImageTensor, RgbImage } from '../imaging/kernels/rgb-image.ts';
import { viewsOf, type StepValue } from '../imaging/step.ts';

const caseSchema = v.object({
  id: v.optional(v.string()),
  op: v.string(),
  params: v.optional(v.unknown(), {}),
  input: v.optional(v.string()),
  expected: v.optional(v.string()),
});
type TransformCase = v.InferOutput<typeof caseSchema>;
const caseFileSchema = v.object({ cases: v.array(caseSchema) });

/** What `graft transform` was asked: one case on one file, or a file of cases into a folder. */
export type TransformOptions = { readonly isJson: boolean } & (
  | { readonly type: 'one'; readonly caseJson: string; readonly inputPath: string; readonly outputPath: string }
  | { readonly type: 'many'; readonly casesPath: string; readonly outputFolder: string }
);

/** Where lines go; the lines carry no line end. */
export interface TransformIo {
  writeOutput(line: string): void;
  writeError(line: string): void;
}

/** A case that gave no output. */
interface SkippedCase {
  readonly case: string;
  readonly op: string;
  readonly reason: string;
}

/**
 * Applies steps with fixed parameters and writes PNGs, or little-endian float32 in channel, height, width order; several views one below the
 * other.
 *
 * Returns the exit code: 0 done, 1 when a case failed, 2 for a case that is not understood. In a file of cases an
 * operation that is not there is named and is no failure: the rest is done.
 */
export async function runTransform(options: TransformOptions, io: TransformIo): Promise<number> {
  try {
    return options.type === 'one' ? await transformOne(options, io) : await transformMany(options, io);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    io.writeError(error.message);
    return error.code === 'bad-input' ? 2 : 1;
  }
}

async function transformOne(
  { caseJson, inputPath, outputPath, isJson }: Extract<TransformOptions, { type: 'one' }>,
  io: TransformIo,
): Promise<number> {
  const { op, params } = parseJson(caseJson, caseSchema, '--case');
  if (!isOperationName(op)) {
    io.writeError(unknownOperation(op));
    return 1;
  }
  const result = runOperation(op, params, await decodeNamed(inputPath));
  await writeResult(outputPath, result);
  report(io, isJson, { output: outputPath, ...describeShape(result) }, `Wrote ${outputPath}`);
  return 0;
}

async function transformMany(
  { casesPath, outputFolder, isJson }: Extract<TransformOptions, { type: 'many' }>,
  io: TransformIo,
): Promise<number> {
  const { cases } = parseJson(await readText(casesPath), caseFileSchema, '--cases');
  const readInput = createInputReader(dirname(casesPath));
  const skipped: SkippedCase[] = [];
  let written = 0;
  let failed = 0;
  for (const [index, testCase] of cases.entries()) {
    const name = testCase.id ?? `case ${index + 1}`;
    try {
      if (!isOperationName(testCase.op)) throw new AppError('unsupported', unknownOperation(testCase.op));
      const outputPath = outputPathOf(outputFolder, testCase);
      await writeResult(outputPath, runOperation(testCase.op, testCase.params, await readInput(testCase)));
      written += 1;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (isOperationName(testCase.op)) failed += 1;
      skipped.push({ case: name, op: testCase.op, reason: error.message });
      io.writeError(`${name}: ${error.message}`);
    }
  }
  const text = `Wrote ${written} of ${cases.length} outputs to ${outputFolder}`;
  report(io, isJson, { written, failed, skipped, out: outputFolder }, text);
  return failed === 0 ? 0 : 1;
}

function unknownOperation(op: string): string {
  return `There is no operation ‹${op}›; there are ${operationNames.join(', ')}`;
}

/** Cases come grouped by input, so the last one decoded is the one to keep. */
function createInputReader(folder: string): (testCase: TransformCase) => Promise<RgbImage> {
  let last: { readonly path: string; readonly image: RgbImage } | null = null;
  return async ({ input }) => {
    if (input === undefined) throw new AppError('bad-input', 'Expected ‹a file› for ‹input›, received ‹nothing›');
    const path = resolve(folder, input);
    if (last?.path !== path) last = { path, image: await decodeNamed(path) };
    return last.image;
  };
}

function outputPathOf(folder: string, { expected }: TransformCase): string {
  if (expected === undefined)
    throw new AppError('bad-input', 'Expected ‹a file name› for ‹expected›, received ‹nothing›');
  const path = resolve(folder, expected);
  const below = relative(folder, path);
  if (below === '' || below.split(sep)[0] === '..' || resolve(below) === below) {
    throw new AppError(
      'bad-input',
      `Expected ‹a name inside the output folder› for ‹expected›, received ‹${expected}›`,
    );
  }
  return path;
}

async function decodeNamed(path: string): Promise<RgbImage> {
  try {
    return await decodeImage(path);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code === 'bad-input' ? 'damaged-file' : error.code, `${path}: ${error.message}`, {
      cause: error,
    });
  }
}

async function writeResult(path: string, value: StepValue): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const views = viewsOf(value);
  const pictures = views.flatMap((view) => (view.type === 'picture' ? [view.image] : []));
  const tensors = views.flatMap((view) => (view.type === 'tensor' ? [view.tensor] : []));
  await writeFile(
    path,
    tensors.length === 0 ? await encodePng(stack(pictures)) : Buffer.concat(tensors.map(toLittleEndian)),
  );
}

/** Pictures of one size, one below the other. */
function stack(pictures: readonly RgbImage[]): RgbImage {
  const [first] = pictures;
  if (!first) throw new Error('There is one picture at least');
  const data = Buffer.concat(pictures.map((picture) => picture.data));
  return { width: first.width, height: first.height * pictures.length, data };
}

function toLittleEndian(tensor: ImageTensor): Uint8Array {
  const values = toChannelsFirst(tensor);
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => {
    view.setFloat32(index * 4, value, true);
  });
  return new Uint8Array(view.buffer);
}

function describeShape(value: StepValue): Readonly<Record<string, number | string>> {
  const [first, ...others] = viewsOf(value).map((view) => (view.type === 'picture' ? view.image : view.tensor));
  const { width = 0, height = 0 } = first ?? {};
  return { kind: value.type, width, height, ...(others.length > 0 && { views: others.length + 1 }) };
}

function report(io: TransformIo, isJson: boolean, fields: Readonly<Record<string, unknown>>, text: string): void {
  io.writeOutput(isJson ? JSON.stringify({ type: 'result', ...fields }) : text);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new AppError('not-found', `${path} cannot be read: check the path`, { cause: error });
  }
}

function parseJson<const S extends v.GenericSchema>(text: string, schema: S, option: string): v.InferOutput<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AppError('bad-input', `Expected ‹JSON› for ‹${option}›, received ‹${text.slice(0, 60)}›`, {
      cause: error,
    });
  }
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new AppError('bad-input', `Wrong ‹${option}› at ‹${v.getDotPath(issue) ?? 'the top'}›: ${issue.message}`);
}
