import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { appPaths } from '../../core/paths.ts';
import { startLoopback } from '../../loopback/loopback.ts';
import type { CommandLine } from '../command-line.ts';
import { ensureBuilt } from '../ensure-built.ts';
import { wholeNumberFrom } from '../option-values.ts';
import { openProject, type Session } from '../session.ts';

interface ServeOptions {
  readonly port: number;
  readonly json?: boolean;
}

/** graft serve [project] [--port] */
export function addServeCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('serve')
    .description('open Graft in a browser on this machine, without Electron')
    .argument('[project]', 'the folder of a project to open')
    .option('--port <number>', 'the port; 0 takes a free one', wholeNumberFrom(0), 0)
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      '\nFrom another machine: ssh -L 8471:127.0.0.1:8471 <host>, then graft serve --port 8471 there.\n\nExample:\n  graft serve chairs.graft',
    )
    .action(async (project: string | undefined, { port, json }: ServeOptions) => {
      await commandLine.run({ json, access: 'write', endsItself: true }, (session) => serve(session, project, port));
    });
}

async function serve(session: Session, project: string | undefined, port: number): Promise<void> {
  const { core, output, interrupted } = session;
  await ensureBuilt(['renderer', 'export-page', 'export-code']);
  const staticRoot = path.join(appPaths(process.env).dist, 'renderer');
  if (!existsSync(path.join(staticRoot, 'index.html'))) {
    throw new AppError(
      'not-found',
      'The page of Graft is not built yet. Run “npm run build”, or “npm start”, which does both.',
    );
  }
  if (project !== undefined) await openProject(session, project, 'read');
  const loopback = await startLoopback({ core, port, staticRoot });
  try {
    const url = loopback.urlWithToken;
    output.say(`Graft is at ${url}`);
    output.say('The link opens once; Ctrl-C stops Graft.');
    output.tell('serving', { url, port: loopback.port });
    openBrowser(url);
    await stopOf(interrupted);
  } finally {
    await loopback.close();
  }
  output.result({ stopped: true }, ['Stopped.']);
}

/** Opens the link where there is a display; a person without a browser there has the printed link. */
function openBrowser(url: string): void {
  const hasDisplay =
    process.platform !== 'linux' || Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
  if (!hasDisplay) return;
  const [program, args] = openerOf(url);
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

function openerOf(url: string): readonly [string, string[]] {
  if (process.platform === 'darwin') return ['open', [url]];
  return process.platform === 'win32' ? ['rundll32', ['url.dll,FileProtocolHandler', url]] : ['xdg-open', [url]];
}

async function stopOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
