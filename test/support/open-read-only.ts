// A process without any right to write, that opens a project and prints what it can do with it.
// Usage: node open-read-only.ts <folder of the person's own files> <project folder>
import { OpenProjects } from '../../src-main/services/project/open-projects.ts';
import { ProjectService } from '../../src-main/services/project/project-service.ts';
import { SampleCatalog } from '../../src-main/services/project/sample-catalog.ts';
import { textOf } from '../../src-shared/domain/sentence.ts';

const [own = '', root = ''] = process.argv.slice(2);
const openProjects = new OpenProjects();
const projects = new ProjectService({
  paths: { config: own, projects: own },
  openProjects,
  samples: new SampleCatalog(own),
  readRunSummary: () => ({ runCount: 0, bestAccuracy: null, isTraining: false }),
  importFolder: () => Promise.resolve(),
  recover: () => undefined,
  access: 'write',
  emit: () => undefined,
  now: () => new Date(),
});
const context = await projects.openAt(root);
const { classes } = context.database.dataset.read();
console.log(
  JSON.stringify({ reason: textOf(context.readOnlyBecause ?? ''), classes: classes.map(({ name }) => name) }),
);
openProjects.closeAll();
