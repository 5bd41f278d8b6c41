import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { hasCompiler } from './compile-binding.ts';
import { findPip } from './fetch-wheel.ts';
import { findInstalled } from './installed-runtime.ts';
import { installedBytes } from './pinned-wheel.ts';
import { neededBytes, runtimeSetup, type EnsureOptions, type RuntimeSetup } from './provision.ts';
import { onnxRuntimeFinding } from './onnx-package.ts';
import { noCompiler, noPip, noSpace } from './runtime-errors.ts';
import type { RuntimeDescription, RuntimeFinding } from './runtime.ts';

/** Says what trains on this machine and why not better, without downloading or writing anything. */
export async function describeRuntime(
  options: Pick<EnsureOptions, 'environment' | 'wheel'> = {},
): Promise<RuntimeDescription> {
  const setup = trySetup(options);
  const onnx = onnxRuntimeFinding();
  const trainsHeads = onnx.isGood;
  if (setup instanceof AppError) {
    return { kind: 'unavailable', reason: setup.sentence, trainsHeads, findings: [machineFinding(trainsHeads), onnx] };
  }
  const { wheel, places } = setup;
  const runtime = await findInstalled(places.folder, setup.packageRoot);
  if (runtime) {
    const installed = {
      what: 'TensorFlow',
      found: say('findingTensorFlowFound', { version: runtime.version, folder: runtime.folder }),
      isGood: true,
    };
    return { kind: 'ready', runtime, trainsHeads, findings: [machineFinding(true), onnx, installed] };
  }
  const { findings, obstacle } = await lookForTools(setup);
  if (obstacle)
    return {
      kind: 'unavailable',
      reason: obstacle.sentence,
      trainsHeads,
      findings: [machineFinding(true), onnx, ...findings],
    };
  return {
    kind: 'not-installed',
    version: wheel.version,
    downloadBytes: wheel.bytes,
    diskBytes: installedBytes,
    folder: places.folder,
    trainsHeads,
    findings: [machineFinding(true), onnx, ...findings],
  };
}

function trySetup(options: Pick<EnsureOptions, 'environment' | 'wheel'>): RuntimeSetup | AppError {
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
  const { environment, places, wheel } = setup;
  const [pip, isCompilerThere, freeBytes] = await Promise.all([
    findPip(environment),
    hasCompiler(environment),
    freeBytesNear(places.root),
  ]);
  const isSpaceThere = freeBytes === undefined || freeBytes >= neededBytes(wheel);
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
        ? noSpace(neededBytes(wheel), places.root)
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
