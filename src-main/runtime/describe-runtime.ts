import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { hasCompiler } from './compile-binding.ts';
import { findPip } from './fetch-wheel.ts';
import { findInstalled } from './installed-runtime.ts';
import { describeCard } from './cuda-runtime.ts';
import { neededBytes } from './install-build.ts';
import { bytesOf } from './pinned-wheel.ts';
import { cudaSetup, runtimeSetup, type EnsureOptions, type RuntimeSetup } from './runtime-setup.ts';
import { onnxRuntimeFinding } from './onnx-package.ts';
import { noCompiler, noPip, noSpace } from './runtime-errors.ts';
import type { CardDescription, RuntimeDescription, RuntimeFinding, TensorFlowRuntime } from './runtime.ts';

type DescribeOptions = Pick<EnsureOptions, 'environment' | 'wheel' | 'cudaWheels' | 'tools'>;

/**
 * Says what trains on this machine and why not better, without downloading or installing anything.
 *
 * An installed runtime for a card that it was never tried on is tried, which takes seconds.
 */
export async function describeRuntime(options: DescribeOptions = {}): Promise<RuntimeDescription> {
  const setup = trySetup(options);
  const onnx = onnxRuntimeFinding();
  const trainsHeads = onnx.isGood;
  if (setup instanceof AppError) {
    const card = { kind: 'none', card: null, reason: setup.sentence } as const;
    const findings = [machineFinding(trainsHeads), onnx];
    return { kind: 'unavailable', reason: setup.sentence, trainsHeads, card, findings };
  }
  const card = await describeCard(options);
  const common = { trainsHeads, card };
  const seen = [machineFinding(true), onnx, cardFinding(card)];
  const runtime = await findBest(options, setup, card);
  if (runtime) return { ...common, kind: 'ready', runtime, findings: [...seen, runtimeFinding(runtime)] };
  const { findings, obstacle } = await lookForTools(setup);
  if (obstacle) return { ...common, kind: 'unavailable', reason: obstacle.sentence, findings: [...seen, ...findings] };
  const { build, places } = setup;
  return {
    ...common,
    kind: 'not-installed',
    version: build.wheels[0].version,
    downloadBytes: bytesOf(build.wheels),
    diskBytes: build.installedBytes,
    folder: places.folder,
    findings: [...seen, ...findings],
  };
}

/** The runtime that trains here, of those that are installed. */
async function findBest(
  options: DescribeOptions,
  { places, packageRoot }: RuntimeSetup,
  card: CardDescription,
): Promise<TensorFlowRuntime | undefined> {
  const cuda = card.kind === 'ready' ? cudaSetup(options) : null;
  const onCard = cuda && (await findInstalled(cuda.places.folder, packageRoot));
  return onCard ?? (await findInstalled(places.folder, packageRoot));
}

function runtimeFinding({ kind, version, folder }: TensorFlowRuntime): RuntimeFinding {
  const found = say(kind === 'cuda' ? 'findingTensorFlowCuda' : 'findingTensorFlowFound', { version, folder });
  return { what: 'TensorFlow', found, isGood: true };
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

function trySetup(options: DescribeOptions): RuntimeSetup | AppError {
  try {
    return runtimeSetup(options);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

async function lookForTools(
  setup: RuntimeSetup,
): Promise<{ findings: readonly RuntimeFinding[]; obstacle: AppError | undefined }> {
  const { environment, places } = setup;
  const [pip, isCompilerThere, freeBytes, needed] = await Promise.all([
    findPip(environment),
    hasCompiler(environment),
    freeBytesNear(places.root),
    neededBytes(setup),
  ]);
  const isSpaceThere = freeBytes === undefined || freeBytes >= needed;
  const findings = [
    { what: 'TensorFlow', found: say('findingNotInstalled'), isGood: false },
    {
      what: say('findingPip'),
      found: pip ? [pip.program, ...pip.args].join(' ') : say('noneOnPath'),
      isGood: pip !== undefined,
    },
    { what: say('findingCompiler'), found: isCompilerThere ? 'g++' : say('noneOnPath'), isGood: isCompilerThere },
    {
      what: say('findingSpace'),
      found:
        freeBytes === undefined
          ? say('findingUnknown')
          : say('findingSpaceFound', { gigabytes: (freeBytes / 1e9).toFixed(1) }),
      isGood: isSpaceThere,
    },
  ];
  const obstacle = !pip
    ? noPip()
    : !isCompilerThere
      ? noCompiler()
      : !isSpaceThere
        ? noSpace(needed, places.root)
        : undefined;
  return { findings, obstacle };
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
