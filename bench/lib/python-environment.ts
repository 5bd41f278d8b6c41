import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../../src-main/runtime/runtime-cache.ts';

const run = promisify(execFile);
const requirements = fileURLToPath(new URL('../python/requirements.txt', import.meta.url));

/**
 * Python with PyTorch, torchvision, TensorFlow and Keras in the versions of bench/python/requirements.txt, installed once in an environment
 * of its own (several GB). Answers the interpreter, or null after saying why there is none: the peers are then left out.
 */
export async function ensurePythonPeers(): Promise<string | null> {
  const wanted = await readFile(requirements, 'utf8');
  const key = createHash('sha256').update(wanted).digest('hex').slice(0, 8);
  const folder = path.join(cacheFolder(process.env), `bench-python-${key}`);
  const python = path.join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  console.log(`Installing the peers (${wanted.trim().split('\n').join(', ')}) in ${folder}; once, some minutes.`);
  try {
    await rm(`${folder}.part`, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', `${folder}.part`]);
    await run(path.join(`${folder}.part`, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '-r', requirements], {
      maxBuffer: 1e8,
    });
    await rename(`${folder}.part`, folder);
    return python;
  } catch (error) {
    console.log(`SKIPPED: no peers, because they could not be installed: ${String(error).slice(0, 500)}`);
    return null;
  }
}
