import type { Command } from 'commander';
import type { CommandLine } from '../command-line.ts';
import { openProject } from '../session.ts';
import { cacheWords, gigabytes } from '../words.ts';

/** graft cache <project> */
export function addCacheCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('cache')
    .description(
      'say how much disk a project takes for what its trainings keep (features, small pictures), or clear it',
    )
    .argument('<project>', 'the folder of the project')
    .option('--clear', 'remove them; the next training computes them again')
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      '\nThe limit is 10 GB a project; GRAFT_FEATURE_CACHE_GB sets another.\n\nExample:\n  graft cache chairs.graft --clear',
    )
    .action(async (project: string, { json, clear = false }: { json?: boolean; clear?: boolean }) => {
      const access = clear ? 'write' : 'read';
      await commandLine.run({ json, access }, async (session) => {
        const { id: projectId } = await openProject(session, project, access);
        const before = await session.client.call('project.describeCache', { projectId });
        const { bytes, limitBytes } = clear ? await session.client.call('project.clearCache', { projectId }) : before;
        const freedBytes = before.bytes - bytes;
        const words = clear
          ? `Cleared ${gigabytes(freedBytes)} of cached features and pictures.`
          : `Cached features and pictures: ${gigabytes(bytes)} of at most ${gigabytes(limitBytes)}.`;
        const shared = await session.client.call('runtime.measureCache', {});
        session.output.result({ bytes, limitBytes, freedBytes, shared }, [words, cacheWords(shared)]);
      });
    });
}
