import type { Command } from 'commander';
import type { SuggestionState } from '../../../src-shared/domain/suggestion.ts';
import type { CommandLine } from '../command-line.ts';
import { withSuggestions } from '../with-suggestions.ts';
import { openProject, type Session } from '../session.ts';
import { percent } from '../words.ts';

const listed = 500;

/** graft suggest <project> */
export function addSuggestCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('suggest')
    .description('suggest classes for images without a label, from the labels that are there')
    .argument('<project>', 'the folder of the project')
    .option(
      '--accept-above <confidence>',
      'give every image its class that is suggested with at least this confidence, 0 … 1',
      Number,
    )
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      '\nComputes what features are missing, learns from the labels outside of the test set, and lists the suggestions, surest first.\n\nExample:\n  graft suggest chairs.graft --accept-above 0.95',
    )
    .action(async (project: string, { json, acceptAbove }: { json?: boolean; acceptAbove?: number }) => {
      await commandLine.run({ json, access: 'write' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'write');
        await withSuggestions(session, projectId, (state) =>
          acceptAbove === undefined ? list(session, state) : accept(session, state, acceptAbove),
        );
      });
    });
}

async function accept({ client, output }: Session, state: SuggestionState, threshold: number): Promise<void> {
  const { projectId } = state;
  const preview = await client.call('suggestion.preview', { projectId, threshold });
  const { version, count, expectedWrong, mostWrong } = preview;
  const changed =
    count === 0 ? 0 : (await client.call('suggestion.acceptAbove', { projectId, threshold, version })).changed;
  const expectation =
    changed === 0 || expectedWrong === null || mostWrong === null
      ? ''
      : ` Expect ${expectedWrong} wrong, at most ${mostWrong}.`;
  output.result({ accepted: changed, ...preview }, [
    `Accepted ${changed} of ${state.suggested} suggestions.${expectation}`,
  ]);
}

async function list({ client, output }: Session, state: SuggestionState): Promise<void> {
  const { projectId, model, suggested, unlabelled } = state;
  const { classes, images } = await client.call('dataset.get', { projectId });
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const files = new Map(images.map(({ id, source }) => [id, source]));
  for (let offset = 0; offset < suggested; offset += listed) {
    const { suggestions } = await client.call('suggestion.list', {
      // What does not reach the threshold comes surest first.
      ...{ projectId, threshold: 1, classId: null, offset, limit: listed },
    });
    for (const { imageId, classId, confidence } of suggestions) {
      const [file, name] = [files.get(imageId) ?? imageId, names.get(classId) ?? classId];
      output.tell('suggestion', { imageId, file, class: name, confidence });
      output.say(`${percent(confidence).padStart(7)}  ${name}  ${file}`);
    }
  }
  const labels = model?.labels ?? 0;
  const outOfFold = model?.outOfFold ? model.outOfFold.right / Math.max(1, model.outOfFold.total) : null;
  output.result({ suggested, unlabelled, labels, outOfFold }, [
    `${suggested} of ${unlabelled} images without a label have a suggestion, from ${labels} labels; out of fold ${percent(outOfFold)} are right.`,
  ]);
}
