import { expect, test } from 'vitest';
import { createViewHandlers, ViewService } from '../../../../src-main/services/dataset/view-service.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const small = { name: 'Small', query: { side: '-64', sort: 'name' }, cellSizePx: 94 };
const pears = { name: 'Pears', query: { class: 'class-2,class-5' }, cellSizePx: 128 };

test('keeps views under their names over a restart, replaces one of the same name and forgets', async () => {
  const { openProjects, projects, events, emit } = studioServices(temporaryFolder());
  const project = await projects.create('Chairs', null);
  const projectId = project.id;
  const handlers = createViewHandlers(new ViewService({ openProjects, emit }));
  await handlers['view.save']({ projectId, view: small });
  await handlers['view.save']({ projectId, view: pears });
  await handlers['view.save']({ projectId, view: { ...small, cellSizePx: 200 } });
  openProjects.close(projectId);
  await projects.open(projectId);
  expect(handlers['view.list']({ projectId })).toEqual({ views: [{ ...small, cellSizePx: 200 }, pears] });
  await handlers['view.delete']({ projectId, name: 'Small' });
  expect(handlers['view.list']({ projectId })).toEqual({ views: [pears] });
  expect(() => handlers['view.delete']({ projectId, name: 'Small' })).toThrow('no saved view');
  expect(events.filter(({ name }) => name === 'view.listChanged')).toHaveLength(4);
});
