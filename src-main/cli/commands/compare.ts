import type { Command } from 'commander';
import type { Comparison } from '../../../src-shared/contract/run.contract.ts';
import type { CommandLine } from '../command-line.ts';
import { parseRunId } from '../option-values.ts';
import { openProject } from '../session.ts';
import { count, table } from '../words.ts';

/** graft compare <project> <run> <run> */
export function addCompareCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('compare')
    .description('say what differs between two runs, in their settings and in their figures')
    .argument('<project>', 'the folder of the project')
    .argument('<a>', 'a run', parseRunId)
    .argument('<b>', 'another run; differences are b − a', parseRunId)
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft compare chairs.graft run-1-3fa9 run-2-77c0')
    .action(async (project: string, a: Comparison['a'], b: Comparison['b'], { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'read' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'read');
        const comparison = await session.client.call('run.compare', { projectId, a, b });
        session.output.result({ ...comparison }, words(comparison));
      });
    });
}

function words({ a, b, differences, metrics, split, accuracyInterval, fixed, broken }: Comparison): readonly string[] {
  const settings = differences.map((one) => [one.setting, String(one.a ?? '–'), String(one.b ?? '–')]);
  const figures = metrics.map(({ metric, a: ofA, b: ofB, difference }) => [
    metric,
    figure(ofA),
    figure(ofB),
    figure(difference),
  ]);
  const points = accuracyInterval?.map((bound) => (bound * 100).toFixed(1));
  return [
    ...(settings.length === 0 ? ['The settings are the same.'] : table([['setting', a, b], ...settings])),
    '',
    ...table([['metric', a, b, 'b − a'], ...figures]),
    '',
    split === null
      ? 'The runs were not judged on the same split.'
      : `On ${split} images: ${count(fixed.length, 'image')} right only in b, ${broken.length} right only in a`,
    ...(points ? [`Accuracy of b − a, 95 %: ${points.join(' to ')} points`] : []),
  ];
}

function figure(value: number | null): string {
  return value === null ? '–' : Number.isInteger(value) ? String(value) : value.toFixed(4);
}
