import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { availableMemoryBytes } from '../../../src-main/trainer/probe/available-memory.ts';
import { batchLadder, MemoryLine } from '../../../src-main/trainer/probe/batch-ladder.ts';

describe('the sizes that are tried', () => {
  it.each([
    [1, [1]],
    [4, [4]],
    [5, [3, 5]],
    [32, [4, 8, 16, 32]],
    [100, [4, 7, 13, 25, 50, 100]],
  ])('on the way to %i begin with few images and at most double', (batchSize, ladder) => {
    expect(batchLadder(batchSize)).toEqual(ladder);
  });
});

describe('the line of memory', () => {
  it('says nothing before anything was tried', () => {
    expect(new MemoryLine(1e9).peakOf(8)).toBeNull();
  });

  it('foretells the next size and finds the largest that fits, from one point and from two', () => {
    const line = new MemoryLine(1e9);
    line.add({ batchSize: 4, peakBytes: 1.4e9 });
    expect([line.peakOf(8), line.largestWithin(2e9)]).toEqual([1.8e9, 8]);
    line.add({ batchSize: 8, peakBytes: 1.8e9 });
    expect([line.peakOf(64), line.largestWithin(4.15e9)]).toEqual([7.4e9, 28]);
  });

  it('takes the slope between two points where the first steps fitted into room that was there', () => {
    const line = new MemoryLine(1e9);
    line.add({ batchSize: 4, peakBytes: 1e9 });
    line.add({ batchSize: 8, peakBytes: 1.4e9 });
    expect(line.peakOf(16)).toBe(2.2e9);
  });

  it('never goes below the size that was tried', () => {
    const line = new MemoryLine(1e9);
    line.add({ batchSize: 4, peakBytes: 2e9 });
    expect(line.largestWithin(1.5e9)).toBe(4);
  });
});

describe('the memory that is free', () => {
  it('is what the machine has, or what its control group leaves, without files that lie idle', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'graft-group-'));
    const write = (name: string, text: string): Promise<void> => writeFile(path.join(folder, name), text);
    await write('memory.current', '3000000000\n');
    await write('memory.stat', 'anon 1\ninactive_file 500000000\nactive_file 7\n');
    await write('memory.max', 'max\n');
    expect(availableMemoryBytes(folder, 1e6)).toBe(1e6);
    await write('memory.max', '4000000000\n');
    expect(availableMemoryBytes(folder, 8e9)).toBe(1.5e9);
    expect(availableMemoryBytes(folder, 1e9)).toBe(1e9);
    await write('memory.max', '2000000000\n');
    expect(availableMemoryBytes(folder, 8e9)).toBe(0);
    await rm(folder, { recursive: true });
  });
});
