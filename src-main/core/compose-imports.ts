import path from 'node:path';
import { CaptureService } from '../services/import/capture/capture-service.ts';
import type { FolderRegistry } from '../services/folder/folder-registry.ts';
import { ImportService, type ImportServiceDeps } from '../services/import/import-service.ts';
import { FolderMemory } from '../services/import/rescan/folder-memory.ts';
import { RescanService } from '../services/import/rescan/rescan-service.ts';
import type { Logger } from './logger.ts';

interface ImportParts extends Omit<ImportServiceDeps, 'memory' | 'sourcePath'> {
  readonly folders: FolderRegistry;
  /** What Graft keeps for this person beside all projects. */
  readonly cache: string;
  readonly logger: Logger;
}

/** Builds all by which images come in: imports, the camera page, and the look for new files. */
export function composeImports({ folders, cache, logger, ...parts }: ImportParts): {
  readonly imports: ImportService;
  readonly captures: CaptureService;
  readonly rescans: RescanService;
} {
  const memory = new FolderMemory(path.join(cache, 'imported-folders'));
  const folderPath = folders.path.bind(folders);
  return {
    imports: new ImportService({ ...parts, memory, sourcePath: folderPath }),
    captures: new CaptureService({ ...parts, onError: (message, error) => logger.error(message, error) }),
    rescans: new RescanService({ memory, grantFolder: folders.register.bind(folders), folderPath }),
  };
}
