import { Option, type Command } from 'commander';
import { exportFormatSchema, type ExportFormat } from '../../../src-shared/domain/export.ts';
import { viewCountOf } from '../../../src-shared/domain/pipeline/views.ts';
import type { RunId } from '../../../src-shared/domain/ids.ts';
import type { CommandLine } from '../command-line.ts';
import { ensureBuilt } from '../ensure-built.ts';
import { assertFreeFolder, exportToTheEnd, placeExport } from '../export-run.ts';
import { parseRunId } from '../option-values.ts';
import { openProject } from '../session.ts';
import { percent, viewsLine } from '../words.ts';

interface ExportOptions {
  readonly run: RunId;
  readonly format: ExportFormat;
  readonly out: string;
  readonly json?: boolean;
}

/** graft export <project> --run <id> --format tfjs --out <folder> */
export function addExportCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('export')
    .description('export a run and prove that the export predicts what the app predicts')
    .argument('<project>', 'the folder of the project')
    .requiredOption('--run <id>', 'the run', parseRunId)
    .addOption(new Option('--format <format>', 'the format').choices(exportFormatSchema.options).makeOptionMandatory())
    .requiredOption('--out <folder>', 'a new or empty folder for the files; the zip of them is put beside it')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft export chairs.graft --run run-1-3fa9 --format tfjs --out chairs-model')
    .action(async (project: string, { run, format, out, json }: ExportOptions) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async (session) => {
        await assertFreeFolder(out);
        const { id: projectId } = await openProject(session, project, 'write');
        await ensureBuilt(['export-page', 'export-code']);
        const record = await exportToTheEnd(session, { projectId, runId: run, format });
        const { folder, zip } = await placeExport(session, projectId, record, out);
        const { maxDifference, top1Agreement, imageCount } = record.certificate;
        const { record: exported } = await session.client.call('run.get', { projectId, runId: run });
        const viewCount = viewCountOf(exported.pipeline.evaluation);
        const files = record.files.map(({ path }) => path);
        session.output.result(
          { export: record.id, out: folder, zip, files, maxDifference, top1Agreement, imageCount, viewCount },
          [
            `Exported ${run} to ${folder}, and zipped as ${zip}`,
            `Proven on ${imageCount} images: largest difference ${maxDifference.toExponential(1)}, first class the same in ${percent(top1Agreement)}`,
            ...viewsLine(viewCount),
          ],
        );
      });
    });
}
