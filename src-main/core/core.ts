import type { ExportId, FolderToken, ProjectId } from '../../src-shared/domain/ids.ts';
import type { OpenProject } from '../../src-shared/contract/project.contract.ts';
import type { Labelling } from '../../src-shared/domain/labelling.ts';
import type { ByteSource } from './byte-source.ts';
import type { Dispatch } from './dispatcher.ts';
import type { EventSource } from './event-hub.ts';
import type { Logger } from './logger.ts';

/** What only the host in front of core may ask, never a page: paths come in and go out here. */
export interface HostServices {
  /** A token for a folder that the person chose in the system's dialog. */
  grantFolder(path: string): Promise<{ readonly token: FolderToken; readonly name: string }>;
  /** The same for what can be imported: a folder, an archive or an image file. */
  grantSource(path: string): Promise<{ readonly token: FolderToken; readonly name: string }>;
  /** Makes a project in exactly this folder, new or empty, and opens it; for the command line. */
  createProject(path: string, labelling: Labelling): Promise<OpenProject>;
  /** The folder of an export; AppError not-found. */
  exportFolder(projectId: ProjectId, exportId: ExportId): Promise<string>;
}

/** The whole product behind one door; hosts and the command line are in front of it. */
export interface Core {
  readonly version: string;
  readonly dispatch: Dispatch;
  readonly bytes: ByteSource;
  readonly events: EventSource;
  readonly host: HostServices;
  readonly logger: Logger;
  /** Ends what is under way, lets go of every project. */
  close(): Promise<void>;
}
