import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { runProgram } from '../../../src-main/cli/program.ts';
import { writeFiles } from '../../support/picture-files.ts';
import { drawScene } from '../../support/scenes.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A folder with 12 images of two classes each, one of which has a copy in the other class. */
async function folderWithCopy() {
  const folder = temporaryFolder();
  const files: Record<string, Uint8Array> = {};
  for (const name of ['cat', 'dog']) {
    for (let index = 0; index < 12; index += 1) {
      files[`${name}/${String.fromCharCode(97 + index)}.png`] = await drawScene(`${name} ${index}`, 100)
        .png()
        .toBuffer();
    }
  }
  files['dog/copy.jpg'] = await sharp(files['cat/c.png']).jpeg({ quality: 60 }).toBuffer();
  await writeFiles(path.join(folder, 'source'), files);
  vi.stubEnv('GRAFT_CONFIG_DIR', path.join(folder, 'config'));
  vi.stubEnv('GRAFT_PROJECTS_DIR', path.join(folder, 'projects'));
  onTestFinished(() => void vi.unstubAllEnvs());
  const project = path.join(folder, 'pets.graft');
  const graft = async (...args: readonly string[]) => {
    let stdout = '';
    let stderr = '';
    const streams = {
      stdout: { write: (text: unknown) => ((stdout += String(text)), true) },
      stderr: { write: (text: unknown) => ((stderr += String(text)), true) },
    };
    const exitCode = await runProgram(args, { streams, interrupted: new AbortController().signal, version: '0.0.0' });
    const lines = args.includes('--json')
      ? stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>)
      : [];
    return { exitCode, stdout, stderr, lines, result: lines.at(-1) };
  };
  await graft('new', project, '--images', path.join(folder, 'source'));
  return { project, graft };
}

describe('the quality of a dataset on the command line', () => {
  it('lists near copies with their labels, and checks them', async () => {
    const { project, graft } = await folderWithCopy();
    const { exitCode, lines } = await graft('duplicates', project, '--json');
    expect(exitCode).toBe(0);
    expect(lines).toMatchObject([
      {
        type: 'group',
        hasLabelConflict: true,
        images: [
          { source: 'cat/c.png', class: 'cat' },
          { source: 'dog/copy.jpg', class: 'dog' },
        ],
      },
      { type: 'result', groups: 1 },
    ]);
    expect((await graft('duplicates', project, '--leaks')).stdout).toBe('0 groups of near copies\n');
    const checked = await graft('check', project, '--files');
    expect(checked.exitCode).toBe(1);
    expect(checked.stdout).toContain('! Label conflicts: 1 group of near copies with different labels');
    expect(checked.stdout).toContain('! Few images: 2 classes have fewer than 20; cat has 12');
    expect(checked.stdout).not.toContain('Not known yet');
  });

  it('shares out anew with rules that stay, previews it, and freezes the test set', async () => {
    const { project, graft } = await folderWithCopy();
    const preview = await graft(
      'split',
      project,
      '--preview',
      '--test',
      '0.25',
      '--validation',
      '0',
      '--tie-folder',
      'cat',
      '--json',
    );
    expect(preview.result).toMatchObject({ groups: 1, groupedImages: 13, leaksThen: { groups: 0 }, frozenTest: null });
    const done = await graft('split', project, '--test', '0.25', '--validation', '0', '--freeze-test', '--json');
    expect(done.result).toMatchObject({ classes: preview.result?.['classes'], frozenTest: { joined: 0 } });
    const again = await graft('split', project, '--test', '0.5', '--seed', '7');
    expect(again.stdout).toMatch(/Groups in several splits: 0 before, 0 now/);
    const frozen = await graft('check', project, '--json');
    expect(frozen.result).toMatchObject({ frozenTest: { relabelled: 0, joined: 0, left: 0 } });
  });
});
