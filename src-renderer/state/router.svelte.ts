import type { ProjectId } from '../../src-shared/domain/ids.ts';
import * as v from 'valibot';
import { projectIdSchema } from '../../src-shared/domain/ids.ts';

/** A place in the app: `#/<path>`, or `#/project/<id>/<path>` inside a project, then `?name=value…`. */
export interface Place {
  readonly projectId: ProjectId | null;
  /** The rest of the path, without slashes at its ends; '' is the start page of home or project. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

export type Query = Readonly<Record<string, string | null | undefined>>;

/** Where the person is. The address holds it, so that reload, back and forward return to the same place. */
export class Router {
  place: Place = $state.raw(readPlace(location.hash));

  /** Follows the address until the returned function is called. */
  start(): () => void {
    const follow = (): void => {
      this.place = readPlace(location.hash);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }

  /** The address of a page inside the current project (or of the given one), for links. */
  href(path: string, query: Query = {}, projectId: ProjectId | null = this.place.projectId): string {
    return writePlace(projectId, path, query);
  }

  /** Goes to a page of the current project. */
  go(path: string, query: Query = {}): void {
    location.hash = this.href(path, query);
  }

  /** Goes to a page of another project, or outside of any. */
  goTo(projectId: ProjectId | null, path: string, query: Query = {}): void {
    location.hash = writePlace(projectId, path, query);
  }

  /** Changes the query of this page without a step in the history. */
  setQuery(query: Query): void {
    const { projectId, path, query: current } = this.place;
    history.replaceState(history.state, '', writePlace(projectId, path, { ...current, ...query }));
    this.place = readPlace(location.hash);
  }
}

function readPlace(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#\/?/u, '').split('?', 2);
  const segments = path.split('/').filter(Boolean).map(decodeURIComponent);
  const query = Object.fromEntries(new URLSearchParams(search));
  const parsed = v.safeParse(projectIdSchema, segments[1]);
  if (segments[0] !== 'project' || !parsed.success) return { projectId: null, path: segments.join('/'), query };
  return { projectId: parsed.output, path: segments.slice(2).join('/'), query };
}

function writePlace(projectId: ProjectId | null, path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value != null && value !== '') parameters.set(name, value);
  const search = parameters.size > 0 ? `?${parameters.toString()}` : '';
  const inside = path.split('/').filter(Boolean).map(encodeURIComponent).join('/');
  return projectId === null ? `#/${inside}${search}` : `#/project/${projectId}/${inside}${search}`;
}
