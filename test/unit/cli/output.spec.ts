import { describe, expect, it } from 'vitest';
import { say } from '../../../src-shared/domain/sentence.ts';
import { createOutput } from '../../../src-main/cli/output.ts';

function capture(isTTY: boolean) {
  const text = { stdout: '', stderr: '' };
  const streams = {
    stdout: { write: (chunk: unknown) => ((text.stdout += String(chunk)), true) },
    stderr: { isTTY, write: (chunk: unknown) => ((text.stderr += String(chunk)), true) },
  };
  return { text, streams };
}

describe('the output of a command', () => {
  it('is one JSON object a line for a program, the last one flat', () => {
    const { text, streams } = capture(true);
    const output = createOutput(streams, true);
    output.say('Hello');
    output.progress('1 of 2');
    output.tell('epoch', { epoch: 1 });
    output.result({ accuracy: 0.5 }, ['half']);
    expect(text).toEqual({ stdout: '{"type":"epoch","epoch":1}\n{"type":"result","accuracy":0.5}\n', stderr: '' });
  });

  it('says sentences of core to a program in English', () => {
    const { text, streams } = capture(false);
    createOutput(streams, true).result({ runs: [{ reason: say('keptOfEpoch', { epoch: 3 }) }] }, []);
    expect(text.stdout).toBe('{"type":"result","runs":[{"reason":"The weights of epoch 3 are kept."}]}\n');
  });

  it('is words for a person, with progress beside them only where it is watched', () => {
    for (const isTTY of [true, false]) {
      const { text, streams } = capture(isTTY);
      const output = createOutput(streams, false);
      output.progress('1 of 2');
      output.result({ accuracy: 0.5 }, ['half']);
      expect(text).toEqual({ stdout: 'half\n', stderr: isTTY ? '\r\u001b[K1 of 2\r\u001b[K' : '' });
    }
  });

  it('tells an error in one line', () => {
    const { text, streams } = capture(false);
    createOutput(streams, false).error('It failed.\n  Try again.');
    expect(text.stderr).toBe('It failed. Try again.\n');
  });
});
