import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  describeHolder,
  isLockHeld,
  takeProjectLock,
  type LockHolder,
} from '../../../src-main/storage/project-lock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { say } from '../../../src-shared/domain/sentence.ts';

const now = new Date('2026-03-04T05:06:07Z');

function lockFileOf(holder?: Partial<LockHolder>): string {
  const file = path.join(temporaryFolder(), '.lock');
  const whole = {
    key: 'other',
    pid: process.pid,
    host: os.hostname(),
    processStart: null,
    since: '2026-01-01T00:00:00Z',
    program: 'Graft',
  };
  if (holder) writeFileSync(file, JSON.stringify({ ...whole, ...holder }));
  return file;
}

/** The number of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('the project lock', () => {
  it('goes to the first who asks, names it to the second, and is free again after release', () => {
    const file = lockFileOf();
    const first = takeProjectLock(file, 'Graft', now);
    if (first.kind !== 'held') throw new Error('Expected the lock');
    const second = takeProjectLock(file, 'Graft', now);
    if (second.kind !== 'refused') throw new Error('Expected to be refused');
    expect(describeHolder(second.holder)).toEqual(
      say('heldBy', { program: 'Graft', process: String(process.pid), since: { time: '2026-03-04T05:06:07.000Z' } }),
    );
    expect(isLockHeld(file)).toBe(true);
    first.lock.release();
    expect(isLockHeld(file)).toBe(false);
    expect(existsSync(file)).toBe(false);
    expect(takeProjectLock(file, 'Graft', now).kind).toBe('held');
    expect(readdirSync(path.dirname(file))).toEqual(['.lock']);
  });

  it('is taken over from a process that is gone', () => {
    const file = lockFileOf({ pid: deadPid() });
    expect(takeProjectLock(file, 'Graft', now).kind).toBe('held');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    expect(readdirSync(path.dirname(file))).toEqual(['.lock']);
  });

  it.runIf(process.platform === 'linux')('is taken over when the number now belongs to another process', () => {
    expect(takeProjectLock(lockFileOf({ processStart: '1' }), 'Graft', now).kind).toBe('held');
  });

  it('stays with another computer until that has been silent for two minutes', () => {
    const file = lockFileOf({ host: 'elsewhere', pid: deadPid() });
    const refused = takeProjectLock(file, 'Graft', now);
    expect(refused).toMatchObject({ kind: 'refused', holder: { host: 'elsewhere' } });
    const longAgo = new Date(Date.now() - 121_000);
    utimesSync(file, longAgo, longAgo);
    expect(takeProjectLock(file, 'Graft', now).kind).toBe('held');
  });

  it('is taken over when a crash left it unreadable', () => {
    const file = lockFileOf();
    writeFileSync(file, '{"pid": 1');
    const longAgo = new Date(Date.now() - 5000);
    utimesSync(file, longAgo, longAgo);
    expect(takeProjectLock(file, 'Graft', now).kind).toBe('held');
  });

  it('is not removed by a holder who lost it', () => {
    const file = lockFileOf();
    const first = takeProjectLock(file, 'Graft', now);
    if (first.kind !== 'held') throw new Error('Expected the lock');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), key: 'another' }));
    first.lock.release();
    expect(existsSync(file)).toBe(true);
  });
});
