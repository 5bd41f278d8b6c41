import type { Command } from 'commander';
import type { SuggestionState } from '../../../src-shared/domain/suggestion.ts';
import type { CommandLine } from '../command-line.ts';
import { openProject, type Session } from '../session.ts';
import { withSuggestions } from '../with-suggestions.ts';
import { percent } from '../words.ts';

/** graft suspects <project> */
export function addSuspectsCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('suspects')
    .description('list labels that are likely wrong, the likeliest first, each with its likely class')
    .argument('<project>', 'the folder of the project')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nLabels of the test set are left alone.\n\nExample:\n  graft suspects chairs.graft')
    .action(async (project: string, { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'write' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'write');
        await withSuggestions(session, projectId, (state) => list(session, state));
      });
    });
}

async function list({ client, output }: Session, { projectId, model }: SuggestionState): Promise<void> {
  const { suspects } = await client.call('suggestion.suspects', { projectId });
  const { classes, images } = await client.call('dataset.get', { projectId });
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const files = new Map(images.map(({ id, source }) => [id, source]));
  for (const { imageId, given, likely, givenShare, likelyShare } of suspects) {
    const file = files.get(imageId) ?? imageId;
    const [givenName, likelyName] = [names.get(given) ?? given, names.get(likely) ?? likely];
    output.tell('suspect', { imageId, file, given: givenName, likely: likelyName, givenShare, likelyShare });
    output.say(`${file}  ${givenName} (${percent(givenShare)}), likely ${likelyName} (${percent(likelyShare)})`);
  }
  const labels = model?.labels ?? 0;
  output.result({ suspects: suspects.length, labels }, [`${suspects.length} of ${labels} labels look wrong.`]);
}
