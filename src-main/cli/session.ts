import path from 'node:path';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { Client } from '../../src-shared/contract/contract.ts';
import type { OpenProject } from '../../src-shared/contract/project.contract.ts';
import { composeCore } from '../core/compose.ts';
import type { Core } from '../core/core.ts';
import { createInProcessClient } from '../core/in-process-client.ts';
import { createLogger } from '../core/logger.ts';
import { createNodeProcessStarter } from '../core/node-process-starter.ts';
import { appPaths, programVersion } from '../core/paths.ts';
import type { Output } from './output.ts';

/** What a command works with: a core in this process, a client of it, and the wish to stop. */
export interface Session {
  readonly core: Core;
  readonly client: Client;
  readonly output: Output;
  /** Aborted by Ctrl-C; a command then stops its work and returns what it has. */
  readonly interrupted: AbortSignal;
}

export interface SessionOptions {
  /** Read: works while another process holds the project, and changes nothing. */
  readonly access: 'read' | 'write';
  readonly output: Output;
  readonly interrupted: AbortSignal;
}

/** Gives a command a core of its own and closes it at the end, however it ends. */
export async function withSession<T>(options: SessionOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const { access, output, interrupted } = options;
  const paths = appPaths(process.env);
  const now = (): Date => new Date();
  const core = await composeCore({
    paths,
    now,
    processStarter: createNodeProcessStarter(),
    version: programVersion(),
    access,
    logger: createLogger({ now, file: path.join(paths.config, 'logs', 'cli.log'), isQuiet: true }),
  });
  try {
    return await work({ core, client: createInProcessClient(core), output, interrupted });
  } finally {
    await core.close();
  }
}

/** Opens the project in this folder. To write, it must not be held by another process: AppError read-only names the holder. */
export async function openProject(
  { core, client }: Session,
  folder: string,
  access: 'read' | 'write',
): Promise<OpenProject> {
  const { token } = await core.host.grantFolder(path.resolve(folder));
  const project = await client.call('project.openFolder', { folder: token });
  if (access === 'write' && project.readOnlyBecause !== null) {
    throw new AppError('read-only', project.readOnlyBecause, { retry: true });
  }
  return project;
}
