/** `npm start`: the Electron window where one can open, else the same page in a browser. Arguments are passed on. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from './lib/builds.ts';
import { runCaptured, runLive, type Command } from './lib/child.ts';
import { repositoryRoot } from './lib/repository.ts';

const electronFolder = path.join(repositoryRoot, 'node_modules', 'electron');

/** An Electron that ends with an error this soon never showed its window. */
const failedStartMs = 10_000;
const installTimeoutMs = 60_000;

type Electron =
  { readonly kind: 'ready'; readonly program: string } | { readonly kind: 'unavailable'; readonly reason: string };

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const electron = await findElectron();
  if (electron.kind === 'unavailable') return await serve(electron.reason, args);

  await ensureBuilt(['renderer', 'export-page', 'export-code', 'preload', 'main'], printLine);
  const { exitCode, seconds } = await runLive([electron.program, repositoryRoot, ...args]);
  if (exitCode === 0 || seconds * 1000 > failedStartMs) return exitCode;
  return await serve(`Electron ended with code ${exitCode} before its window opened`, args);
}

async function serve(reason: string, args: readonly string[]): Promise<number> {
  printLine(`${reason}: Graft opens in a browser instead.`);
  await ensureBuilt(['renderer', 'export-page', 'export-code'], printLine);
  const command: Command = [
    process.execPath,
    path.join(repositoryRoot, 'src-main', 'cli', 'main.ts'),
    'serve',
    ...args,
  ];
  return (await runLive(command)).exitCode;
}

async function findElectron(): Promise<Electron> {
  if (!hasDisplay()) return { kind: 'unavailable', reason: 'There is no display' };
  const unpacked = unpackedElectron();
  if (unpacked) return { kind: 'ready', program: unpacked };

  printLine('Fetching the Electron program, once…');
  const installer: Command = [process.execPath, path.join(electronFolder, 'install.js')];
  const { exitCode, output } = await runCaptured(installer, { timeoutMs: installTimeoutMs });
  const installed = unpackedElectron();
  if (exitCode === 0 && installed) return { kind: 'ready', program: installed };
  const why = exitCode === 124 ? `no answer within ${installTimeoutMs / 1000} s` : firstLine(output);
  return { kind: 'unavailable', reason: `The Electron program could not be fetched (${why})` };
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);
}

/** The program that Electron's installer unpacked, without requiring the package: that would start a download. */
function unpackedElectron(): string | undefined {
  const pathFile = path.join(electronFolder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const program = path.join(electronFolder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(program) ? program : undefined;
}

function firstLine(output: string): string {
  return output.trim().split('\n')[0] ?? 'no reason given';
}

function printLine(line: string): void {
  console.log(line);
}
