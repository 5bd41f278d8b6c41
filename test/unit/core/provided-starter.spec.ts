import { expect, it } from 'vitest';
import type { Settings } from '../../../src-shared/contract/settings.contract.ts';
import type { ProcessStarter } from '../../../src-main/core/ports.ts';
import { startOnProvider } from '../../../src-main/core/provided-starter.ts';
import { ScriptedTrainer } from '../services/run/run-support.ts';

const windows = { platform: 'win32', arch: 'x64', env: {} } as const;
const mac = { platform: 'darwin', arch: 'arm64', env: {} } as const;

/** What a trainer's environment gets on a machine with these settings. */
function environmentOn(machine: Parameters<typeof startOnProvider>[2], settings: Partial<Settings>): unknown {
  let given: unknown;
  const starter: ProcessStarter = {
    startTrainer: (environment) => {
      given = environment;
      return new ScriptedTrainer(() => undefined);
    },
  };
  startOnProvider(starter, () => ({ language: 'en', theme: 'dark', ...settings }), machine).startTrainer();
  return given;
}

it('starts trainers on the chosen provider where the platform has it, and on the processor elsewhere', () => {
  expect(environmentOn(windows, { onnxProvider: 'dml' })).toEqual({ GRAFT_ONNX_PROVIDER: 'dml' });
  expect(environmentOn(mac, { onnxProvider: 'coreml' })).toEqual({ GRAFT_ONNX_PROVIDER: 'coreml' });
  expect(environmentOn(windows, {})).toEqual({});
  expect(environmentOn(windows, { onnxProvider: 'cpu' })).toEqual({});
  expect(environmentOn(mac, { onnxProvider: 'dml' })).toEqual({});
  expect(environmentOn({ ...mac, arch: 'x64' }, { onnxProvider: 'coreml' })).toEqual({});
  expect(environmentOn({ ...windows, platform: 'linux' }, { onnxProvider: 'dml' })).toEqual({});
});

it('leaves alone what the environment names', () => {
  const named = { ...windows, env: { GRAFT_ONNX_PROVIDER: 'cpu' } };
  expect(environmentOn(named, { onnxProvider: 'dml' })).toEqual({});
});
