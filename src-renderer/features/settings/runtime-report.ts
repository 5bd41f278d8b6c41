import type { RuntimeStatus } from '../../../src-shared/contract/settings.contract.ts';
import { textOf } from '../../../src-shared/domain/sentence.ts';

/** What the settings page says about the runtime, as plain text in English, to send to someone who helps. */
export function runtimeReport(status: RuntimeStatus, version: string): string {
  return [
    `Graft ${version}`,
    ...[status.verdict, ...status.advice].map(textOf),
    '',
    `${status.machine.processor}, ${String(status.threads)} threads, ${gigabytes(status.machine.memoryBytes)} GB, ${status.machine.system}`,
    ...status.findings.map(({ what, found, isGood }) => `${isGood ? '+' : '-'} ${textOf(what)}: ${textOf(found)}`),
    '',
  ].join('\n');
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
