import { AppError } from '../../src-shared/contract/app-error.ts';
import type { CommandInput, CommandName, CommandOutput } from '../../src-shared/contract/contract.ts';
import type { ImageId, ProjectId } from '../../src-shared/domain/ids.ts';
import type { PageClient } from '../client/page-client.ts';
import type { ImageChange } from './shown-change.ts';

/** The changes that can be asked for again later, just as they were. */
const repeatable: ReadonlySet<CommandName> = new Set<CommandName>([
  'dataset.setLabel',
  'dataset.putClass',
  'dataset.setLabels',
  'dataset.setMark',
  'dataset.changeTags',
  'dataset.trash',
  'dataset.restore',
  'dataset.restoreState',
  'dataset.addClass',
  'dataset.renameClass',
  'dataset.changeClass',
  'dataset.orderClasses',
  'dataset.mergeClass',
  'dataset.deleteClass',
  'dataset.shareOut',
  'pipeline.save',
  'pipeline.create',
]);

/** A change as it was asked for. */
interface KeptChange {
  readonly name: CommandName;
  readonly input: unknown;
  /** Asks for it again. */
  repeat(): Promise<unknown>;
}

/** Something that is edited and saves itself a moment later. */
export interface SavesLater {
  readonly isSaved: boolean;
  /** Saves at once, as far as it can. */
  flush(): Promise<void>;
}

/** A change of images that shows although it is not saved. */
interface KeptImageChange {
  readonly imageIds: readonly ImageId[];
  readonly change: ImageChange;
}

interface Trouble {
  /** Why the first of them could not be saved. */
  readonly error: AppError;
  /** When the first change could not be saved, ISO 8601. */
  readonly since: string;
  /** In the order in which they were made. */
  readonly kept: readonly KeptChange[];
}

/**
 * All of this window that is not saved: changes that core could not save because the disk is full or may not be written, kept until they
 * are, and what is being edited.
 */
export class UnsavedChanges {
  trouble: Trouble | null = $state.raw(null);
  #isSaving = false;
  readonly #edited = new Set<SavesLater>();
  readonly #told = new WeakSet<Error>();

  /** The same client, whose refused changes are kept here. A later change waits for its turn behind them: the last one wins. */
  watch(client: PageClient): PageClient {
    return {
      ...client,
      call: async <N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> => {
        if (!repeatable.has(name)) return await client.call(name, input);
        const repeat = (): Promise<CommandOutput<N>> => client.call(name, input);
        await this.saveAgain();
        if (this.trouble) {
          this.#keep(this.trouble.error, { name, input, repeat });
          throw this.trouble.error;
        }
        try {
          return await repeat();
        } catch (error) {
          if (isRefusal(error)) this.#keep(error, { name, input, repeat });
          throw error;
        }
      },
    };
  }

  /** What is being edited counts as a change of this window. */
  follow(edited: SavesLater): void {
    this.#edited.add(edited);
  }

  unfollow(edited: SavesLater): void {
    this.#edited.delete(edited);
  }

  /** True when nothing is lost by closing the window. */
  get areNone(): boolean {
    return this.trouble === null && [...this.#edited].every(({ isSaved }) => isSaved);
  }

  /** Saves at once what can be saved. */
  async saveAll(): Promise<void> {
    await Promise.all([...this.#edited].map((edited) => edited.flush()));
    await this.saveAgain();
  }

  /** Tries the kept changes again, the oldest first; stops at the first that still cannot be saved. */
  async saveAgain(): Promise<void> {
    if (this.#isSaving) return;
    this.#isSaving = true;
    try {
      while (this.trouble) {
        const [first] = this.trouble.kept;
        if (first && !(await isDone(first))) return;
        // More may have been kept meanwhile.
        const kept = this.trouble.kept.slice(1);
        this.trouble = kept.length === 0 ? null : { ...this.trouble, kept };
      }
    } finally {
      this.#isSaving = false;
    }
  }

  /** True for the failure of a change that is kept: it is told as long as it lasts, and needs no second word. */
  tells(error: unknown): boolean {
    return error instanceof Error && this.#told.has(error);
  }

  /** What kept changes want images of a project to have, in the order in which it was asked for. */
  imageChangesOf(projectId: ProjectId): readonly KeptImageChange[] {
    return (this.trouble?.kept ?? []).flatMap((kept): readonly KeptImageChange[] => {
      if (isFor('dataset.setLabel', kept) && kept.input.projectId === projectId) {
        const { imageIds, classId } = kept.input;
        return [{ imageIds, change: { what: 'label', classId } }];
      }
      if (isFor('dataset.putClass', kept) && kept.input.projectId === projectId) {
        const { imageIds, classId, isOn } = kept.input;
        return [{ imageIds, change: { what: 'class', classId, isOn } }];
      }
      if (isFor('dataset.setLabels', kept) && kept.input.projectId === projectId) {
        const { imageIds, classIds } = kept.input;
        return [{ imageIds, change: { what: 'labels', classIds } }];
      }
      if (isFor('dataset.setMark', kept) && kept.input.projectId === projectId) {
        const { imageIds, mark } = kept.input;
        return [{ imageIds, change: { what: 'mark', mark } }];
      }
      return [];
    });
  }

  #keep(error: AppError, change: KeptChange): void {
    this.#told.add(error);
    const { since, kept } = this.trouble ?? { since: new Date().toISOString(), kept: [] };
    this.trouble = { error, since, kept: [...kept, change] };
  }
}

function isFor<Name extends CommandName>(
  name: Name,
  change: KeptChange,
): change is KeptChange & { readonly input: CommandInput<Name> } {
  return change.name === name;
}

/** True also when core refuses it for another reason by now: repeating it would never help. */
async function isDone(change: KeptChange): Promise<boolean> {
  try {
    await change.repeat();
    return true;
  } catch (error) {
    return !isRefusal(error) && !(error instanceof AppError && error.code === 'connection-lost');
  }
}

function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'disk-full' || error.code === 'no-access');
}
