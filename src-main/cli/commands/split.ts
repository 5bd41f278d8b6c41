import { Option, type Command } from 'commander';
import type { ShareOutPreview } from '../../../src-shared/contract/quality.contract.ts';
import type { Dataset, SplitRatios } from '../../../src-shared/domain/dataset.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { SplitRules } from '../../../src-shared/domain/quality.ts';
import type { CommandLine } from '../command-line.ts';
import { lookAtPictures } from '../look-at-pictures.ts';
import { parseNumber, wholeNumberFrom } from '../option-values.ts';
import { openProject, type Session } from '../session.ts';
import { count, table } from '../words.ts';

interface SplitOptions {
  readonly json?: boolean;
  readonly validation?: number;
  readonly test?: number;
  readonly seed?: number;
  readonly nearCopies?: boolean;
  readonly bursts?: boolean;
  readonly burstSeconds?: number;
  readonly tieFolder?: readonly string[];
  readonly tieNames?: readonly string[];
  readonly preview?: boolean;
  readonly mend?: boolean;
  readonly freezeTest?: boolean;
  readonly unfreezeTest?: boolean;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** graft split <project> */
export function addSplitCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('split')
    .description('share images out over training, validation and test anew; images that belong together stay together')
    .argument('<project>', 'the folder of the project')
    .option('--validation <fraction>', 'of each class, 0 … 0.8', parseNumber)
    .option('--test <fraction>', 'of each class, 0 … 0.8', parseNumber)
    .option('--seed <number>', 'the same seed gives the same splits', wholeNumberFrom(0))
    .option('--near-copies', 'keep pictures together that look the same (as it is at first)')
    .option('--no-near-copies', 'let them part')
    .option('--bursts', 'keep pictures together that were taken one after the other (as it is at first)')
    .option('--no-bursts', 'let them part')
    .option('--burst-seconds <number>', 'most seconds between two pictures of a burst; 2 at first', parseNumber)
    .option(
      '--tie-folder <path>',
      'keep what lies in a folder together, as a path below the imported one; may be repeated',
      collect,
    )
    .option(
      '--tie-names <pattern>',
      'keep names together that have the same text at {}, e.g. "patient-{}-*"; may be repeated',
      collect,
    )
    .addOption(new Option('--preview', 'say what it would do, and keep the rules, but move nothing'))
    .addOption(new Option('--mend', 'only bring groups that are in several splits into one').conflicts('preview'))
    .addOption(new Option('--freeze-test', 'afterwards keep the test set as it is').conflicts('preview'))
    .addOption(new Option('--unfreeze-test', 'first let a frozen test set change again').conflicts('preview'))
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      '\nRules and fractions stay with the project.\n\nExample:\n  graft split chairs.graft --test 0.2 --tie-names "chair-{}-*"',
    )
    .action(async (project: string, options: SplitOptions) => {
      await commandLine.run({ json: options.json, access: 'write' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'write');
        await split(session, projectId, options);
      });
    });
}

async function split(session: Session, projectId: ProjectId, options: SplitOptions): Promise<void> {
  const { client, output } = session;
  await lookAtPictures(session, projectId);
  if (options.unfreezeTest === true) await client.call('quality.unfreezeTest', { projectId });
  const { rules } = await client.call('quality.get', { projectId });
  await client.call('quality.setRules', { projectId, rules: changeRules(rules, options) });
  const before = await client.call('dataset.get', { projectId });
  const ratios = changeRatios(before.splitRatios, options);
  if (options.mend === true) {
    const { moved } = await client.call('quality.mendLeaks', { projectId });
    const frozenTest = await freeze(session, projectId, options);
    const { leaks } = await client.call('quality.get', { projectId });
    const left = `Groups in several splits now: ${leaks.groups}`;
    const why = leaks.groups > 0 ? ' (images of split folders and of a frozen test set stay)' : '';
    output.result({ moved, leaks, frozenTest }, [`${count(moved, 'image')} moved`, `${left}${why}`]);
    return;
  }
  const preview = await client.call('quality.previewShareOut', { projectId, ratios });
  if (options.preview !== true) await client.call('dataset.shareOut', { projectId, ratios });
  const frozenTest = await freeze(session, projectId, options);
  output.result({ ...preview, frozenTest }, words(preview, before, options.preview === true));
}

async function freeze({ client }: Session, projectId: ProjectId, { freezeTest }: SplitOptions) {
  if (freezeTest === true) return client.call('quality.freezeTest', { projectId });
  return (await client.call('quality.getFrozenTest', { projectId })).frozenTest;
}

function changeRatios(ratios: SplitRatios, { validation, test, seed }: SplitOptions): SplitRatios {
  return { validation: validation ?? ratios.validation, test: test ?? ratios.test, seed: seed ?? ratios.seed };
}

function changeRules(rules: SplitRules, options: SplitOptions): SplitRules {
  return {
    nearCopies: options.nearCopies ?? rules.nearCopies,
    bursts: options.bursts ?? rules.bursts,
    burstSeconds: options.burstSeconds ?? rules.burstSeconds,
    folders: options.tieFolder ?? rules.folders,
    namePatterns: options.tieNames ?? rules.namePatterns,
  };
}

function words(preview: ShareOutPreview, { classes }: Dataset, isPreview: boolean): readonly string[] {
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const rows = preview.classes.map(({ classId, training, validation, test }) => [
    classId === null ? 'no label' : (names.get(classId) ?? ''),
    ...[training, validation, test].map(String),
  ]);
  const { groups, groupedImages, moved, leaksNow, leaksThen } = preview;
  return [
    ...table([['class', 'training', 'validation', 'test'], ...rows]),
    '',
    `${count(moved, 'image')} ${isPreview ? 'would move' : 'moved'}; ${count(groups, 'group')} (${count(groupedImages, 'image')}) stay together`,
    `Groups in several splits: ${leaksNow.groups} before, ${leaksThen.groups} ${isPreview ? 'then' : 'now'}`,
  ];
}
