import type * as OnnxRuntimeNode from 'onnxruntime-node';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { onnxProviderVariable } from '../runtime/onnx-package.ts';

/** ONNX Runtime, loaded into this process. */
export interface OnnxRuntime {
  readonly ort: typeof OnnxRuntimeNode;
  readonly version: string;
  /** What computes: `cpu`, or a provider that this platform's package brings, such as `dml` or `coreml`. */
  readonly provider: string;
}

/** Loads ONNX Runtime; null where its package carries no program for this machine. Refuses a provider that is not there. */
export async function loadOnnxRuntime(environment: NodeJS.ProcessEnv = process.env): Promise<OnnxRuntime | null> {
  const ort = await importIfThere();
  if (!ort) return null;
  const provider = environment[onnxProviderVariable] ?? 'cpu';
  const known = ort.listSupportedBackends().map(({ name }) => name);
  if (!known.includes(provider)) {
    throw new AppError(
      'bad-input',
      `Expected ‹${known.join(', ')}› for ${onnxProviderVariable}, received ‹${provider}›`,
    );
  }
  return { ort, version: ort.env.versions.node ?? ort.env.versions.common, provider };
}

async function importIfThere(): Promise<typeof OnnxRuntimeNode | null> {
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    // The package looks for its binding under the platform's name, and loads it; without either the others compute.
    process.stderr.write(`ONNX Runtime does not load: ${String(error)}\n`);
    return null;
  }
}
