import type { RuntimeStatus } from '../../../src-shared/contract/settings.contract.ts';

/** What the settings page says about the runtime, as plain text to send to someone who helps. */
export function runtimeReport(status: RuntimeStatus, version: string): string {
  return [
    `Graft ${version}`,
    status.verdict,
    ...status.advice,
    '',
    ...status.findings.map(({ what, found, isGood }) => `${isGood ? '+' : '-'} ${what}: ${found}`),
    '',
  ].join('\n');
}
