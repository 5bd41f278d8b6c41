import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { BackboneName } from '../../../src-shared/domain/backbone.ts';
import type { ProjectId } from '../../../src-shared/domain/ids.ts';
import type { Pipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { writePipelineFile } from '../../../src-shared/domain/pipeline/pipeline-text.ts';
import { onOneLine } from '../../../src-shared/domain/pipeline/python/layout.ts';
import { writePython } from '../../../src-shared/domain/pipeline/python/write-python.ts';
import { namedBackbone } from '../../../src-shared/domain/pipeline/python/write-arguments.ts';
import { writeStep } from '../../../src-shared/domain/pipeline/python/write-step.ts';
import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { CommandLine } from '../command-line.ts';
import { parseBackboneName } from '../option-values.ts';
import { takePipelineText } from '../pipeline-file.ts';
import { openProject, type Session } from '../session.ts';
import { table } from '../words.ts';

/** graft pipeline list | show | export | import */
export function addPipelineCommand(program: Command, commandLine: CommandLine): void {
  const pipeline = program.command('pipeline').description('list, show, export and import the pipelines of a project');
  addList(pipeline, commandLine);
  addShow(pipeline, commandLine);
  addExport(pipeline, commandLine);
  addImport(pipeline, commandLine);
}

function addList(pipeline: Command, commandLine: CommandLine): void {
  pipeline
    .command('list')
    .description('list the pipelines of a project')
    .argument('<project>', 'the folder of the project')
    .option('--json', 'print JSON lines')
    .action(async (project: string, { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'read' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'read');
        const { pipelines } = await session.client.call('pipeline.list', { projectId });
        const rows = pipelines.map(({ id, name, training, evaluation }) => ({
          ...{ pipeline: id, name },
          ...{ training: training.length, evaluation: evaluation.length },
        }));
        const heading = ['pipeline', 'name', 'training steps', 'evaluation steps'];
        session.output.result(
          { pipelines: rows },
          table([heading, ...rows.map((row) => Object.values(row).map(String))]),
        );
      });
    });
}

interface ShowOptions {
  readonly python?: boolean;
  readonly backbone: BackboneName;
  readonly json?: boolean;
}

function addShow(pipeline: Command, commandLine: CommandLine): void {
  withBackbone(pipeline.command('show'))
    .description('show the steps of a pipeline')
    .argument('<project>', 'the folder of the project')
    .argument('<pipeline>', 'its name or id')
    .option('--python', 'as a program for torchvision')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft pipeline show chairs.graft classic --python')
    .action(async (project: string, name: string, { python, backbone, json }: ShowOptions) => {
      await commandLine.run({ json, access: 'read' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'read');
        const found = await findPipeline(session, projectId, name);
        const text = await programOf(session, found, backbone);
        session.output.result({ pipeline: found, python: text }, python ? [text.trimEnd()] : describe(found));
      });
    });
}

function addExport(pipeline: Command, commandLine: CommandLine): void {
  withBackbone(pipeline.command('export'))
    .description('write a pipeline to a file: a program where it ends in .py, else JSON')
    .argument('<project>', 'the folder of the project')
    .argument('<pipeline>', 'its name or id')
    .argument('<file>', 'a new file')
    .option('--python', 'write a program, whatever the file is called')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft pipeline export chairs.graft classic transforms.py')
    .action(async (project: string, name: string, file: string, { python, backbone, json }: ShowOptions) => {
      await commandLine.run({ json, access: 'read' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'read');
        const found = await findPipeline(session, projectId, name);
        const isPython = python === true || path.extname(file) === '.py';
        const text = isPython ? await programOf(session, found, backbone) : writePipelineFile(found);
        await writeNew(file, text);
        session.output.result({ pipeline: found.id, file: path.resolve(file) }, [`Wrote ${file}`]);
      });
    });
}

function addImport(pipeline: Command, commandLine: CommandLine): void {
  pipeline
    .command('import')
    .description('keep the pipeline of a file: JSON as in pipelines/, or Python with transforms.Compose([...])')
    .argument('<project>', 'the folder of the project')
    .argument('<file>', 'a .json or .py file')
    .option('--name <name>', 'what to call it; the name in the file, or the file’s, otherwise')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft pipeline import chairs.graft train.py --name "As in the notebook"')
    .action(async (project: string, file: string, { name, json }: { name?: string; json?: boolean }) => {
      await commandLine.run({ json, access: 'write' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'write');
        const read = takePipelineText(file, await readText(file));
        for (const note of read.notes) session.output.note(note);
        const created = await session.client.call('pipeline.create', {
          projectId,
          name: name ?? read.name,
          from: { type: 'lists', training: read.lists.training, evaluation: read.lists.evaluation },
        });
        session.output.result({ pipeline: created.id, name: created.name, notes: read.notes }, [
          `Imported as “${created.name}”`,
          ...describe(created),
        ]);
      });
    });
}

function withBackbone(command: Command): Command {
  return command.option(
    '--backbone <name>',
    'whose size and statistics the program has',
    parseBackboneName,
    'efficientnet-lite0',
  );
}

async function findPipeline({ client }: Session, projectId: ProjectId, name: string): Promise<Pipeline> {
  const { pipelines } = await client.call('pipeline.list', { projectId });
  const found = pipelines.find((each) => each.id === name || each.name === name);
  if (found) return found;
  const names = pipelines.map((each) => `“${each.name}”`).join(', ');
  throw new AppError('not-found', `There is no pipeline “${name}”. The project has ${names}.`);
}

async function programOf({ client }: Session, pipeline: Pipeline, name: BackboneName): Promise<string> {
  const { backbones } = await client.call('backbone.list', {});
  const backbone = backbones.find((each) => each.name === name);
  if (backbone) return writePython(pipeline, backbone);
  throw new AppError('not-found', `There is no backbone “${name}”. “graft backbone list” lists them.`);
}

function describe({ training, evaluation }: Pipeline): readonly string[] {
  const lines = (steps: readonly PipelineStep[]): readonly string[] =>
    steps.map((step, index) => {
      const off = step.isEnabled ? '' : '  (turned off)';
      return `  ${String(index + 1)}. ${onOneLine(writeStep(step, namedBackbone))}${off}`;
    });
  return ['Training', ...lines(training), 'Evaluation', ...lines(evaluation)];
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('not-found', `There is no file “${file}”.`, { cause: error });
  });
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    throw new AppError('conflict', say('pipelineNotWritten', { file }), { cause: error });
  }
}
