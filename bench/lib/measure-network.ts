import { fileURLToPath } from 'node:url';
import { mathThreadCount } from '../../src-main/trainer/thread-count.ts';
import { compareContenders } from './compare-contenders.ts';
import { startContender, type Contender, type ContenderProgram } from './contender.ts';
import { ensurePythonPeers } from './python-environment.ts';

/**
 * Works on EfficientNet-Lite0, batches of 32 at 224², without any decoding; and epochs of a head with 10 classes on its features: 60,000
 * images, or 100,000 in four versions, which no longer fit into memory.
 */
export const networkWorks = [
  'frozen-forward',
  'step-frozen',
  'step-trained',
  'head-epoch',
  'head-epoch-large',
] as const;
export type NetworkWork = (typeof networkWorks)[number];

/** An epoch is many steps already. */
const roundsOf = { many: { rounds: 7, stepsPerRound: 4 }, few: { rounds: 5, stepsPerRound: 1 } };
const graftProgram = fileURLToPath(new URL('graft-contender.ts', import.meta.url));
const pythonProgram = fileURLToPath(new URL('../python/contender.py', import.meta.url));
const backboneFolder = fileURLToPath(new URL('../../assets/backbones/efficientnet-lite0', import.meta.url));

/** Times one work in Graft and its peers, taking turns. */
export async function measureNetwork(work: NetworkWork): Promise<void> {
  const contenders: Contender[] = [];
  try {
    for (const program of await programsOf(work)) contenders.push(await startContender(program));
    const isEpoch = work === 'head-epoch' || work === 'head-epoch-large';
    await compareContenders({ title: work, contenders, ...roundsOf[isEpoch ? 'few' : 'many'] });
  } finally {
    for (const contender of contenders) contender.stop();
  }
}

async function programsOf(work: NetworkWork): Promise<readonly ContenderProgram[]> {
  const graft = (name: string, itsWork: string): ContenderProgram => {
    return { name, command: process.execPath, args: [graftProgram, itsWork] };
  };
  const own = [graft('Graft', work)];
  if (work === 'frozen-forward') own.push(graft('Graft on TensorFlow', 'frozen-forward-tensorflow'));
  const peers = Object.entries(peersOf(work));
  const python = peers.length === 0 ? null : await ensurePythonPeers();
  if (python === null) return own;
  const threads = String(mathThreadCount());
  return [
    ...own,
    ...peers.map(([framework, name]) => {
      return { name, command: python, args: [pythonProgram, framework, work, backboneFolder, threads] };
    }),
  ];
}

function peersOf(work: NetworkWork): Readonly<Record<string, string>> {
  if (work === 'head-epoch-large') return {};
  if (work === 'head-epoch') return { torch: 'PyTorch' };
  return { torch: 'PyTorch channels_last', 'torch-compile': 'torch.compile', keras: 'Keras graph' };
}
