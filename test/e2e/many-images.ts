import path from 'node:path';
import type { OpenProject } from '../../src-shared/contract/project.contract.ts';
import { writeFiles } from '../support/picture-files.ts';
import type { Studio } from './studio.ts';

/** A project with this many tiny images of each class, imported from a folder. */
export async function importMany(
  { client, home }: Studio,
  { classNames, imagesPerClass }: { readonly classNames: readonly string[]; readonly imagesPerClass: number },
): Promise<OpenProject> {
  const folder = path.join(home, 'many');
  const files = classNames.flatMap((name, index) =>
    Array.from({ length: imagesPerClass }, (_, nth) => {
      const number = index * imagesPerClass + nth;
      return [`${name}/${number}.png`, number] as const;
    }),
  );
  await writeFiles(folder, Object.fromEntries(files));
  const project = await client.call('project.create', { name: 'many', parent: null });
  const { token } = await client.call('folder.find', { path: folder });
  const imported = new Promise<void>((resolve) => {
    client.on('import.changed', ({ job }) => {
      if (job.status === 'completed') resolve();
    });
  });
  await client.call('import.start', { projectId: project.id, sources: [token], ratios: null });
  await imported;
  return project;
}
