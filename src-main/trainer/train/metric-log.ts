import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { writeFileDurably } from '../../storage/durable-write.ts';
import * as v from 'valibot';
import { isRecordedUpTo, metricSchema, type Metric } from '../../../src-shared/domain/run.ts';

/** The curves of a run: each metric is on disk before it is told. */
export interface MetricLog {
  add(metric: Metric): void;
  /** Writes and tells what has gathered, at most every `intervalMs`; `isUrgent` does it now. */
  flush(isUrgent?: boolean): void;
  close(): void;
}

/** Opens metrics.jsonl for appending. */
export function openMetricLog(
  file: string,
  tell: (metrics: readonly Metric[]) => void,
  { intervalMs = 100, nowMs = (): number => performance.now() } = {},
): MetricLog {
  const descriptor = openSync(file, 'a');
  let gathered: Metric[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;

  function flush(isUrgent = false): void {
    if (gathered.length === 0 || (!isUrgent && nowMs() - lastMs < intervalMs)) return;
    const metrics = gathered;
    gathered = [];
    lastMs = nowMs();
    writeWholly(descriptor, metrics.map((metric) => `${JSON.stringify(metric)}\n`).join(''));
    fdatasyncSync(descriptor);
    tell(metrics);
  }

  return {
    add: (metric) => void gathered.push(metric),
    flush,
    close() {
      flush(true);
      closeSync(descriptor);
    },
  };
}

/** One call may write less than it was given, for example on a full disk just before it fails. */
function writeWholly(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) {
    written += writeSync(descriptor, bytes, written);
  }
}

/** Drops what was recorded after a checkpoint, so that a resumed run records each step once; a torn last line goes too. */
export async function trimMetrics(
  file: string,
  upTo: { readonly step: number; readonly epoch: number },
): Promise<void> {
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').split('\n');
  const kept = lines.filter((line) => {
    const metric = parseLine(line);
    return metric !== null && isRecordedUpTo(metric, upTo);
  });
  await writeFileDurably(file, kept.map((line) => `${line}\n`).join(''));
}

function parseLine(line: string): Metric | null {
  try {
    const parsed = v.safeParse(metricSchema, JSON.parse(line));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
