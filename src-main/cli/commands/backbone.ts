import path from 'node:path';
import { Option, type Command } from 'commander';
import type { BackboneName, BackboneRecord } from '../../../src-shared/domain/backbone.ts';
import { inputScalingNames, type InputScaling } from '../../../src-shared/domain/input-scaling.ts';
import type { CommandLine } from '../command-line.ts';
import { parseBackboneName, parseRgb, wholeNumberFrom } from '../option-values.ts';

/** graft backbone list | import | remove */
export function addBackboneCommand(program: Command, commandLine: CommandLine): void {
  const backbone = program.command('backbone').description('list the pretrained networks, or bring your own');
  addList(backbone, commandLine);
  addImport(backbone, commandLine);
  addRemove(backbone, commandLine);
}

function addList(backbone: Command, commandLine: CommandLine): void {
  backbone
    .command('list')
    .description('list the bundled and the imported backbones')
    .option('--json', 'print JSON lines')
    .action(async ({ json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'read' }, async ({ client, output }) => {
        const { backbones } = await client.call('backbone.list', {});
        output.result({ backbones }, backbones.map(describe));
      });
    });
}

interface ImportOptions {
  readonly name?: string;
  readonly scale: (typeof inputScalingNames)[number];
  readonly mean?: InputScalingNumbers;
  readonly std?: InputScalingNumbers;
  readonly inputSize?: number;
  readonly endLayer?: string;
  readonly licence: string;
  readonly origin?: string;
  readonly json?: boolean;
}
type InputScalingNumbers = readonly [number, number, number];

function addImport(backbone: Command, commandLine: CommandLine): void {
  backbone
    .command('import')
    .description('take the backbone out of a TF.js Layers model of Keras and keep it for all projects')
    .argument('<model>', 'model.json, or the folder that has it')
    .option('--name <title>', 'what to call it; the name of the folder otherwise')
    .addOption(
      new Option('--scale <mode>', 'what it expects of pixels: a mode of keras.applications, or a range')
        .choices(inputScalingNames)
        .default('tf'),
    )
    .option('--mean <r,g,b>', 'with --std instead of --scale: input = (pixel - mean) / std, pixels 0 to 1', parseRgb)
    .option('--std <r,g,b>', 'see --mean', parseRgb)
    .option('--input-size <pixels>', 'width and height of the images; the model’s own otherwise', wholeNumberFrom(8))
    .option('--end-layer <name>', 'the last layer to keep; otherwise all before the model’s own head')
    .requiredOption('--licence <name>', 'needed: the licence of the weights, for model cards, e.g. Apache-2.0')
    .option('--origin <words>', 'where the weights come from, for model cards, e.g. an address')
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      '\nExample:\n  graft backbone import resnet50/model.json --name ResNet50 --scale caffe --licence Apache-2.0',
    )
    .action(async (model: string, options: ImportOptions) => {
      await commandLine.run({ json: options.json, access: 'write', endsItself: true }, async (session) => {
        const folder = path.basename(model) === 'model.json' ? path.dirname(model) : model;
        const granted = await session.core.host.grantFolder(path.resolve(folder));
        const record = await session.client.call('backbone.import', {
          folder: granted.token,
          title: options.name ?? granted.name,
          scaling: readScaling(options),
          inputSize: options.inputSize ?? null,
          endLayer: options.endLayer ?? null,
          licence: options.licence,
          origin: options.origin ?? null,
        });
        session.output.result({ backbone: record }, [describe(record), `Train with --backbone ${record.name}`]);
      });
    });
}

function addRemove(backbone: Command, commandLine: CommandLine): void {
  backbone
    .command('remove')
    .description('remove an imported backbone that no run of a recent project needs')
    .argument('<name>', 'as “graft backbone list” prints it', parseBackboneName)
    .option('--json', 'print JSON lines')
    .action(async (name: BackboneName, { json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, async ({ client, output }) => {
        await client.call('backbone.remove', { backbone: name });
        output.result({ removed: name }, [`Removed ${name}. Importing the same model again brings it back.`]);
      });
    });
}

function readScaling({ scale, mean, std }: ImportOptions): InputScaling {
  if (mean === undefined && std === undefined) return scale;
  return { mean: mean ?? [0, 0, 0], std: std ?? [1, 1, 1] };
}

function describe({ name, title, inputSize, parameterCount, featureCount, stages, licence }: BackboneRecord): string {
  const parameters = `${(parameterCount / 1e6).toFixed(2)} M parameters`;
  return `${name}  ${title}, ${inputSize} px, ${parameters}, ${featureCount} features, ${stages.length} stages, ${licence}`;
}
