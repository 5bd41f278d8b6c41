import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandInput } from '../../../../src-shared/contract/contract.ts';
import type { ClassId, ImageId, ProjectId } from '../../../../src-shared/domain/ids.ts';
import type { PageClient } from '../../../../src-renderer/client/page-client.ts';
import { Burst } from '../../../../src-renderer/features/camera/burst.svelte.ts';
import { troubleOf } from '../../../../src-renderer/features/camera/camera-stream.svelte.ts';
import { keptPart } from '../../../../src-renderer/features/camera/frame.ts';

const oak = 'class-1' as ClassId;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A burst whose camera numbers its pictures, and a core that answers when it is told to, or fails. */
function workplace({ failsAt = Number.POSITIVE_INFINITY } = {}) {
  let grabbed = 0;
  const sent: CommandInput<'capture.add'>[] = [];
  const failures: unknown[] = [];
  const call = async (_name: string, input: unknown): Promise<unknown> => {
    const { uploads } = input as CommandInput<'capture.add'>;
    sent.push(input as CommandInput<'capture.add'>);
    if (sent.length >= failsAt) throw new Error('The disk is full.');
    return Promise.resolve({
      job: { id: 'job-0001' },
      added: uploads.map((upload) => `image of ${upload}` as ImageId),
    });
  };
  const burst = new Burst({
    client: { call } as unknown as PageClient,
    projectId: 'project-0001' as ProjectId,
    name: 'Camera',
    grab: () => Promise.resolve(new Blob([String((grabbed += 1))])),
    send: async (picture) => ({ uploadId: `upload-${(await picture.text()).padStart(20, '0')}` }),
    onfailed: (error) => failures.push(error),
  });
  const numbers = (): readonly number[] => burst.taken.map(({ id }) => Number(/\d+$/.exec(id)?.[0]));
  return { burst, sent, failures, numbers, grabbed: () => grabbed };
}

describe('a burst', () => {
  it('takes a picture at once, then as many a second as it is told to, and none when it is let go', async () => {
    const { burst, numbers, sent } = workplace();
    burst.hold(oak, 5);
    burst.hold(oak, 5);
    await vi.advanceTimersByTimeAsync(1000);
    burst.letGo();
    await vi.advanceTimersByTimeAsync(1000);
    expect([numbers(), burst.waitingCount, burst.isHeld]).toEqual([[6, 5, 4, 3, 2, 1], 0, false]);
    expect(new Set(sent.map((one) => one.burst)).size).toBe(1);
    expect(sent.map(({ classId }) => classId)).toEqual(sent.map(() => oak));
  });

  it('lists all bursts of a visit as one import, and knows which pictures are of the latest', async () => {
    const { burst, sent, numbers } = workplace();
    for (const classId of [oak, null]) {
      burst.hold(classId, 10);
      await vi.advanceTimersByTimeAsync(150);
      burst.letGo();
      await vi.runAllTimersAsync();
    }
    expect(sent[0]?.session).toBe(null);
    expect(sent.slice(1).every(({ session }) => session === 'job-0001')).toBe(true);
    expect(new Set(sent.map((one) => one.burst)).size).toBe(2);
    expect([numbers(), burst.latest.length, burst.latest[0]?.classId]).toEqual([[4, 3, 2, 1], 2, null]);
    burst.forget(new Set(burst.latest.map(({ id }) => id)));
    expect([numbers(), burst.latest[0]?.classId]).toEqual([[2, 1], oak]);
  });

  it('stops when a picture cannot be saved, says so once, and can be held again', async () => {
    const { burst, failures, numbers, grabbed } = workplace({ failsAt: 2 });
    burst.hold(oak, 10);
    await vi.advanceTimersByTimeAsync(1000);
    expect([failures.length, burst.isHeld, burst.waitingCount, numbers()]).toEqual([1, false, 0, [1]]);
    const before = grabbed();
    burst.hold(oak, 10);
    await vi.advanceTimersByTimeAsync(10);
    burst.letGo();
    expect(grabbed()).toBe(before + 1);
  });
});

describe('what is kept of a picture', () => {
  it.each([
    [1280, 720, true, { left: 280, top: 0, width: 720, height: 720 }],
    [480, 641, true, { left: 0, top: 80, width: 480, height: 480 }],
    [1280, 720, false, { left: 0, top: 0, width: 1280, height: 720 }],
  ])('%i × %i, square %s', (width, height, isSquare, part) => {
    expect(keptPart(width, height, isSquare)).toEqual(part);
  });
});

describe('why there is no camera', () => {
  it.each([
    ['NotAllowedError', 'refused'],
    ['SecurityError', 'refused'],
    ['NotFoundError', 'none'],
    ['OverconstrainedError', 'none'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
  ])('%s is told as %s', (name, trouble) => {
    expect(troubleOf(Object.assign(new Error('x'), { name }))).toBe(trouble);
  });
});
