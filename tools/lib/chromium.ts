import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { runLive } from './child.ts';

const programNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where installers put a browser that is not on the PATH. */
const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The browser that tests and pictures use: GRAFT_CHROMIUM, else Chromium or Chrome on the PATH, else undefined. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment.GRAFT_CHROMIUM;
  if (named) return isExecutable(named) ? named : undefined;
  const folders = (environment.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const candidates = programNames.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...candidates, ...usualPlaces].find(isExecutable);
}

/** Finds a browser, and as root on Debian installs one, with a small font for the Chinese screens. */
export async function ensureChromium(print: (line: string) => void): Promise<string | undefined> {
  const found = findChromium();
  if (found) {
    print(`browser: ${found}`);
    return found;
  }
  if (process.env.GRAFT_CHROMIUM) {
    print(`browser: GRAFT_CHROMIUM names ${process.env.GRAFT_CHROMIUM}, which is no program that can be run`);
    return undefined;
  }
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    print('browser: none found. Install Chromium (on Debian: apt-get install chromium) or name one in GRAFT_CHROMIUM.');
    return undefined;
  }
  print("browser: none found; installing Debian's chromium and fonts-wqy-microhei");
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '--yes', '-qq', '--no-install-recommends', 'chromium', 'fonts-wqy-microhei'];
  await runLive(['apt-get', 'update', '-qq'], { env });
  const { exitCode } = await runLive(['apt-get', ...install], { env });
  const installed = findChromium();
  print(installed ? `browser: installed ${installed}` : `browser: apt-get ended with ${exitCode}; there is still none`);
  return installed;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
