import type { RunId } from '../../../src-shared/domain/ids.ts';
import type { Pipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import type { App } from '../../state/app.svelte.ts';
import { ProbeWatch } from '../../state/probe-watch.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';

/** What a check of safety is asked about. */
export interface SafetySubject {
  readonly runId: RunId;
  readonly pipeline: Pipeline;
}

export type SafetyWatch = ProbeWatch<'safety', SafetySubject>;

/** The checks of safety that a page of a project asks for. */
export function watchSafety(app: App, project: ProjectSession): SafetyWatch {
  return new ProbeWatch('safety', app, (subject: SafetySubject) =>
    app.client.call('probe.checkSafety', { projectId: project.id, ...subject }),
  );
}
