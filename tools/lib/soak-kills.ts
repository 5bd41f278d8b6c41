import { rm } from 'node:fs/promises';
import path from 'node:path';
import { killAndResume } from '../../test/support/kill-run.ts';
import { makeTinyRuns } from '../../test/support/tiny-runs.ts';

const modes = ['feature-extraction', 'fine-tuning'] as const;

/** Kills trainings so often, half of them in each mode; true when none lost a bit or a step. */
export async function soakKills(kills: number): Promise<boolean> {
  let isEqual = true;
  for (const mode of modes) {
    const each = Math.ceil(kills / modes.length);
    // Epochs of five steps, and about one ends between two kills.
    const tiny = await makeTinyRuns({ epochs: 6 * each, headFirst: { epochs: 10, learningRate: 0.05 } });
    try {
      const report = await killAndResume(tiny, {
        ...{ mode, kills: each, seed: `soak/${mode}` },
        onKill: (kill, step) => console.log(`${mode}: kill ${kill} of ${each} after step ${step}`),
      });
      const words = `weights ${wordOf(report.hasEqualWeights)}, curves ${wordOf(report.hasEqualCurves)}`;
      console.log(`${mode}: ${report.record.status} after ${report.kills} kills: ${words}`);
      isEqual &&= report.kills === each && report.hasEqualWeights && report.hasEqualCurves;
    } finally {
      await tiny.close();
      await rm(path.dirname(tiny.job.runFolder), { recursive: true, force: true });
    }
  }
  return isEqual;
}

function wordOf(isEqual: boolean): string {
  return isEqual ? 'bit-equal to the unbroken run' : 'DIFFERENT';
}
