import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../../../src-shared/domain/sentence.ts';
import { weightFilesOf, type LayersModel } from '../../network/layers-model.ts';
import { fileError } from '../../storage/file-error.ts';

/** A TF.js Layers model from its folder: model.json and the files that it names. */
export async function readModelFiles(folder: string): Promise<LayersModel> {
  const modelJson = await readModelJson(folder);
  const parts = await Promise.all(weightFiles(folder, modelJson).map((file) => orFileError(file, readFile(file))));
  return { modelJson, weightsBin: Buffer.concat(parts) };
}

/** model.json, and how many bytes its weights' files have; AppError not-found names one that is not there. */
export async function measureModelFiles(folder: string): Promise<{ modelJson: string; weightBytes: number }> {
  const modelJson = await readModelJson(folder);
  const sizes = await Promise.all(
    weightFiles(folder, modelJson).map(async (file) => (await orFileError(file, stat(file))).size),
  );
  return { modelJson, weightBytes: sizes.reduce((sum, size) => sum + size, 0) };
}

async function readModelJson(folder: string): Promise<string> {
  const file = path.join(folder, 'model.json');
  return await orFileError(file, readFile(file, 'utf8'));
}

/** Only names: a model.json cannot lead out of its folder. */
function weightFiles(folder: string, modelJson: string): readonly string[] {
  return weightFilesOf(modelJson).map((name) => path.join(folder, path.basename(name)));
}

async function orFileError<Result>(file: string, reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    throw fileError(error, say('doingReadFile'), file);
  }
}
