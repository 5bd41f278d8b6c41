import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkBinding } from '../../src-main/runtime/compile-binding.ts';
import { describeRuntime } from '../../src-main/runtime/describe-runtime.ts';
import { ensureTensorFlowRuntime } from '../../src-main/runtime/provision.ts';

const installMs = 600_000;

describe('the TensorFlow runtime', () => {
  it('is installed on demand, and a plain Node process can load its binding', { timeout: installMs }, async () => {
    const runtime = await ensureTensorFlowRuntime();
    const script =
      'const { TF_Version, executeOp } = require(process.argv[1]); console.log(TF_Version, typeof executeOp)';
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, runtime.bindingPath]);
    expect(stdout.trim()).toBe(`${runtime.version} function`);
    expect(await describeRuntime()).toMatchObject({ kind: 'ready', runtime });
    await expect(checkBinding(runtime.bindingPath, process.env)).resolves.toBeUndefined();
  });
});
