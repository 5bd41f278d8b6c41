import path from 'node:path';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { Pipeline } from '../../src-shared/domain/pipeline/pipeline.ts';
import { readPipelineText } from '../../src-shared/domain/pipeline/pipeline-text.ts';
import { canTake } from '../../src-shared/domain/pipeline/python/read-python.ts';

/** A pipeline out of a file. */
export interface PipelineOfFile {
  /** As in the file, else the file's own. */
  readonly name: string;
  readonly lists: Pick<Pipeline, 'training' | 'evaluation'>;
  /** What was understood differently, by line. */
  readonly notes: readonly string[];
}

/** The pipeline that a file's text says. Throws AppError 'bad-input' that names each line that it cannot take. */
export function takePipelineText(file: string, text: string): PipelineOfFile {
  const reading = readPipelineText(text);
  const lines = (severity: 'error' | 'note'): readonly string[] =>
    reading.problems
      .filter((problem) => problem.severity === severity)
      .map(({ at, sentence }) => `${file}:${at.line}:${at.column}: ${sentence.text}`);
  if (reading.lists === null || !canTake(reading)) throw new AppError('bad-input', lines('error').join(' '));
  const name = reading.name ?? (path.parse(file).name.slice(0, 80) || 'Imported');
  return { name, lists: reading.lists, notes: lines('note') };
}
