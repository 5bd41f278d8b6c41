import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as v from 'valibot';
import type { OnnxProvider } from '../../src-shared/contract/settings.contract.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import type { RuntimeFinding } from './runtime.ts';

/** Names another of ONNX Runtime's providers than the CPU; only Windows (`dml`) and macOS (`coreml`) have one. */
export const onnxProviderVariable = 'GRAFT_ONNX_PROVIDER';

/** What npm's package of ONNX Runtime can compute on, on a machine; the processor first. */
export function onnxProvidersOf({
  platform,
  arch,
}: Pick<NodeJS.Process, 'platform' | 'arch'>): readonly OnnxProvider[] {
  if (platform === 'win32') return ['cpu', 'dml'];
  // There is no program for macOS on Intel.
  return platform === 'darwin' && arch === 'arm64' ? ['cpu', 'coreml'] : ['cpu'];
}

const npmPackage = 'onnxruntime-node';

/** Whether npm's package of ONNX Runtime carries a program for this machine, and what that means for speed. */
export function onnxRuntimeFinding(platform = process.platform, architecture: string = process.arch): RuntimeFinding {
  const what = 'ONNX Runtime';
  const require = createRequire(import.meta.url);
  try {
    const manifest = require.resolve(`${npmPackage}/package.json`);
    const { version } = v.parse(v.object({ version: v.string() }), require(manifest));
    const programs = path.join(path.dirname(manifest), 'bin', 'napi-v6');
    if (existsSync(path.join(programs, platform, architecture, 'onnxruntime_binding.node'))) {
      return { what, found: say('findingOnnxFound', { version }), isGood: true };
    }
    return { what, found: say('findingOnnxElsewhere', { version, platform, architecture }), isGood: false };
  } catch {
    return { what, found: say('findingOnnxMissing'), isGood: false };
  }
}
