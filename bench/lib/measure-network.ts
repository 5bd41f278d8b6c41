import { fileURLToPath } from 'node:url';
import { mathThreadCount } from '../../src-main/trainer/thread-count.ts';
import { compareContenders } from './compare-contenders.ts';
import { startContender, type Contender, type ContenderProgram } from './contender.ts';
import { ensurePythonPeers } from './python-environment.ts';

/** Works on EfficientNet-Lite0, batches of 32 at 224², without any decoding. */
export const networkWorks = ['frozen-forward', 'step-frozen', 'step-trained'] as const;
export type NetworkWork = (typeof networkWorks)[number];

const rounds = 7;
const stepsPerRound = 4;
const graftProgram = fileURLToPath(new URL('graft-contender.ts', import.meta.url));
const pythonProgram = fileURLToPath(new URL('../python/contender.py', import.meta.url));
const backboneFolder = fileURLToPath(new URL('../../assets/backbones/efficientnet-lite0', import.meta.url));

/** Times one work in Graft and its peers, taking turns. */
export async function measureNetwork(work: NetworkWork): Promise<void> {
  const contenders: Contender[] = [];
  try {
    for (const program of await programsOf(work)) contenders.push(await startContender(program));
    await compareContenders({ title: work, contenders, rounds, stepsPerRound });
  } finally {
    for (const contender of contenders) contender.stop();
  }
}

async function programsOf(work: NetworkWork): Promise<readonly ContenderProgram[]> {
  const graft = { name: 'Graft', command: process.execPath, args: [graftProgram, work] };
  const python = await ensurePythonPeers();
  if (python === null) return [graft];
  const peers = { torch: 'PyTorch channels_last', 'torch-compile': 'torch.compile', keras: 'Keras graph' };
  const threads = String(mathThreadCount());
  return [
    graft,
    ...Object.entries(peers).map(([framework, name]) => {
      return { name, command: python, args: [pythonProgram, framework, work, backboneFolder, threads] };
    }),
  ];
}
