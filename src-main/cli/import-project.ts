import { InvalidArgumentError } from 'commander';
import type { OtherProjectPreview, Takeover } from '../../src-shared/contract/import-project.contract.ts';
import type { FolderToken, ProjectId } from '../../src-shared/domain/ids.ts';
import { followImport, type EndedImport } from './import-sources.ts';
import type { Session } from './session.ts';
import { count } from './words.ts';

/** What the options of the command say of another project. */
export interface ProjectOptions extends Pick<Takeover, 'splits' | 'shared'> {
  readonly class?: Takeover['classes'];
}

/** Reads `from=to`, and adds it to those before; nothing behind the sign means no class. */
export function parseMapping(text: string, before: Takeover['classes'] = []): Takeover['classes'] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected <class of the other project>=<class here>.');
  const to = text.slice(at + 1).trim();
  return [...before, { from: text.slice(0, at).trim(), to: to === '' ? null : to }];
}

/** Takes over the images of another project, having said what they are, and resolves when that has ended. */
export async function importProject(
  session: Session,
  projectId: ProjectId,
  folder: FolderToken,
  { splits, shared, class: classes = [] }: ProjectOptions,
): Promise<EndedImport> {
  const { client, output } = session;
  const of = { projectId, source: { kind: 'chosen' as const, folder } };
  output.note(describePreview(await client.call('import.inspectProject', of)));
  const takeover = { splits, shared, classes };
  return await followImport(session, projectId, () => client.call('import.startProject', { ...of, takeover }));
}

function describePreview({ name, imageCount, sharedCount, classes }: OtherProjectPreview): string {
  const missing = classes.filter(({ isHere }) => !isHere);
  const similar = missing.flatMap(({ name: theirs, similar: ours }) =>
    ours === null ? [] : [`“${theirs}” is “${ours}” here?`],
  );
  const parts = [
    `${count(imageCount, 'image')}, ${sharedCount} of them here already`,
    `${missing.length} of ${classes.length} classes are new`,
    ...(similar.length === 0 ? [] : [`${similar.join(' ')} “--class” joins them`]),
  ];
  return `“${name}”: ${parts.join('; ')}`;
}
