import path from 'node:path';
import { composeCore } from '../../src-main/core/compose.ts';
import type { Core } from '../../src-main/core/core.ts';
import { createNodeProcessStarter } from '../../src-main/core/node-process-starter.ts';
import { appPaths, programVersion } from '../../src-main/core/paths.ts';
import { createMemoryLogger } from '../support/small-core.ts';

/** The variables that keep a Graft within one folder. */
export function environmentIn(folder: string): Readonly<Record<string, string>> {
  return {
    GRAFT_CONFIG_DIR: path.join(folder, 'config'),
    GRAFT_CACHE_DIR: path.join(folder, 'cache'),
    GRAFT_PROJECTS_DIR: path.join(folder, 'projects'),
  };
}

/** The whole core, living in one folder. `errors` has what it logged. */
export async function composeIn(folder: string): Promise<{ readonly core: Core; readonly errors: readonly string[] }> {
  const logger = createMemoryLogger();
  const core = await composeCore({
    paths: appPaths(environmentIn(folder)),
    now: () => new Date(),
    processStarter: createNodeProcessStarter(),
    version: programVersion(),
    access: 'write',
    logger,
  });
  return { core, errors: logger.errors };
}
