import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { say, type NamedSentence } from '../../src-shared/domain/sentence.ts';
import { findAnyInstalled } from './installed-runtime.ts';
import { describeCard } from './cuda-runtime.ts';
import { neededBytes } from './install-build.ts';
import { bytesOf, chooseBuild, missingTool } from './runtime-build.ts';
import {
  cudaSetup,
  findTools,
  processorSetups,
  type EnsureOptions,
  type ProcessorSetups,
  type RuntimeSetup,
} from './runtime-setup.ts';
import { onnxRuntimeFinding } from './onnx-package.ts';
import { noCompiler, noPip, noSpace } from './runtime-errors.ts';
import type { CardDescription, RuntimeDescription, RuntimeFinding, TensorFlowRuntime } from './runtime.ts';

type DescribeOptions = Pick<EnsureOptions, 'environment' | 'wheel' | 'packageBuild' | 'cudaWheels' | 'tools'>;

/**
 * Says what trains on this machine and why not better, without downloading or installing anything.
 *
 * An installed runtime for a card that it was never tried on is tried, which takes seconds.
 */
export async function describeRuntime(options: DescribeOptions = {}): Promise<RuntimeDescription> {
  const setups = trySetups(options);
  const onnx = onnxRuntimeFinding();
  const trainsHeads = onnx.isGood;
  if (setups instanceof AppError) {
    const card = { kind: 'none', card: null, reason: setups.sentence } as const;
    const findings = [machineFinding(trainsHeads), onnx];
    return { kind: 'unavailable', reason: setups.sentence, trainsHeads, card, findings };
  }
  const card = await describeCard(options);
  const common = { trainsHeads, card };
  const seen = [machineFinding(true), onnx, cardFinding(card)];
  const runtime = await findBest(options, setups, card);
  if (runtime) return { ...common, kind: 'ready', runtime, findings: [...seen, runtimeFinding(runtime)] };
  const { setup, findings, obstacle } = await lookForTools(setups);
  if (obstacle) return { ...common, kind: 'unavailable', reason: obstacle.sentence, findings: [...seen, ...findings] };
  const { build, places } = setup;
  return {
    ...common,
    kind: 'not-installed',
    version: build.version,
    downloadBytes: bytesOf(build),
    diskBytes: build.installedBytes,
    folder: places.folder,
    findings: [...seen, ...findings],
  };
}

/** The runtime that trains here, of those that are installed. */
async function findBest(
  options: DescribeOptions,
  setups: ProcessorSetups,
  card: CardDescription,
): Promise<TensorFlowRuntime | undefined> {
  const cuda = card.kind === 'ready' ? cudaSetup(options) : null;
  return findAnyInstalled(cuda ? [cuda, ...setups] : setups);
}

function runtimeFinding({ kind, way, version, folder }: TensorFlowRuntime): RuntimeFinding {
  const found =
    kind === 'cuda'
      ? say('findingTensorFlowCuda', { version, folder })
      : say('findingTensorFlowFound', { version, folder, source: sourceOf(way) });
  return { what: 'TensorFlow', found, isGood: true };
}

function sourceOf(way: TensorFlowRuntime['way']): NamedSentence {
  return way === 'wheel' ? say('sourceWheel') : say('sourcePackage');
}

/** What the driver says of the card, or why there is none that helps. */
function cardFinding(description: CardDescription): RuntimeFinding {
  const { card } = description;
  const isGood = description.kind === 'ready';
  if (card === null) return { what: say('findingCard'), found: say('findingCardNone'), isGood };
  const { name, driver, memoryBytes } = card;
  const facts = { card: name, driver, gigabytes: (memoryBytes / 1e9).toFixed(1) };
  return { what: say('findingCard'), found: say('findingCardFound', facts), isGood };
}

function trySetups(options: DescribeOptions): ProcessorSetups | AppError {
  try {
    return processorSetups(options);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

async function lookForTools(setups: ProcessorSetups): Promise<{
  readonly setup: RuntimeSetup;
  readonly findings: readonly RuntimeFinding[];
  readonly obstacle: AppError | undefined;
}> {
  const tools = await findTools(setups[0]);
  const setup = chooseBuild(setups, tools);
  const { build, places } = setup;
  const [freeBytes, needed] = await Promise.all([freeBytesNear(places.root), neededBytes(setup)]);
  const isSpaceThere = freeBytes === undefined || freeBytes >= needed;
  const source = sourceOf(build.way);
  const tool = (what: NamedSentence, name: string, isGood: boolean): RuntimeFinding => ({
    ...{ what, isGood },
    found: isGood ? name : say('noneOnPath'),
  });
  const findings: readonly RuntimeFinding[] = [
    { what: 'TensorFlow', found: say('findingNotInstalled', { version: build.version, source }), isGood: false },
    ...(setups.some((one) => one.build.way === 'wheel') ? [tool(say('findingPip'), 'pip', tools.hasPip)] : []),
    tool(say('findingCompiler'), 'g++', tools.hasCompiler),
    {
      what: say('findingSpace'),
      found:
        freeBytes === undefined
          ? say('findingUnknown')
          : say('findingSpaceFound', { gigabytes: (freeBytes / 1e9).toFixed(1) }),
      isGood: isSpaceThere,
    },
  ];
  const missing = missingTool(build, tools);
  if (missing) return { setup, findings, obstacle: missing === 'pip' ? noPip() : noCompiler() };
  return { setup, findings, obstacle: isSpaceThere ? undefined : noSpace(needed, places.root) };
}

function machineFinding(isGood: boolean): RuntimeFinding {
  return {
    what: say('findingMachine'),
    found: say('findingMachineFound', { platform: process.platform, architecture: process.arch }),
    isGood,
  };
}

/** Free space where the folder is or would be. */
async function freeBytesNear(folder: string): Promise<number | undefined> {
  for (let place = folder; ; place = path.dirname(place)) {
    const disk = await statfs(place).catch(() => undefined);
    if (disk) return disk.bavail * disk.bsize;
    if (path.dirname(place) === place) return undefined;
  }
}
