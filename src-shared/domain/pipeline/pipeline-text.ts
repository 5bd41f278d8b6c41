import * as v from 'valibot';
import { say } from '../sentence.ts';
import { pipelineSchema, type Pipeline } from './pipeline.ts';
import { readPython, type PythonReading } from './python/read-python.ts';

/** What a text says about a pipeline, be it a pipeline's file or a Python program. */
export interface PipelineReading extends PythonReading {
  /** The name that a pipeline's file has; null in Python. */
  readonly name: string | null;
}

/** Reads a pipeline's file (JSON) or a Python program with transforms. */
export function readPipelineText(text: string): PipelineReading {
  if (!text.trimStart().startsWith('{')) return { name: null, ...readPython(text) };
  const json = parseJson(text);
  if (json === undefined) {
    // A dictionary alone, as in a notebook's cell, is Python too.
    const reading = readPython(text);
    return reading.lists ? { name: null, ...reading } : failed(say('notJson'));
  }
  const parsed = v.safeParse(pipelineSchema, json);
  if (parsed.success) return { name: parsed.output.name, lists: parsed.output, problems: [] };
  const [issue] = parsed.issues;
  return failed(
    say('expectedFor', {
      expected: issue.expected ?? say('somethingElse'),
      field: v.getDotPath(issue) ?? 'pipeline',
      received: issue.received,
    }),
  );
}

/** As it lies in a project's folder. */
export function writePipelineFile(pipeline: Pipeline): string {
  return `${JSON.stringify(pipeline, null, 2)}\n`;
}

function failed(sentence: ReturnType<typeof say>): PipelineReading {
  return { name: null, lists: null, problems: [{ at: { line: 1, column: 1 }, severity: 'error', sentence }] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
