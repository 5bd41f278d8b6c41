import type { Settings } from '../../src-shared/contract/settings.contract.ts';
import { onnxProvidersOf, onnxProviderVariable } from '../runtime/onnx-package.ts';
import type { ProcessStarter } from './ports.ts';

/** Starts trainers that compute on what the person chose, where this machine has it; what the environment names goes before that. */
export function startOnProvider(
  starter: ProcessStarter,
  readSettings: () => Settings,
  machine: Pick<NodeJS.Process, 'platform' | 'arch' | 'env'> = process,
): ProcessStarter {
  return {
    startTrainer(environment = {}) {
      const { onnxProvider = 'cpu' } = readSettings();
      const isNamed = machine.env[onnxProviderVariable] !== undefined;
      const isChoice = !isNamed && onnxProvider !== 'cpu' && onnxProvidersOf(machine).includes(onnxProvider);
      return starter.startTrainer(isChoice ? { [onnxProviderVariable]: onnxProvider, ...environment } : environment);
    },
  };
}
