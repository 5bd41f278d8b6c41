import type { CommandInput } from '../../../src-shared/contract/contract.ts';
import type { TieKind } from '../../../src-shared/domain/quality.ts';
import type { MessageKey } from '../../messages/messages.ts';

/** Which groups a page shows, in the order of its buttons. */
export const groupFilters: readonly {
  readonly value: CommandInput<'quality.groups'>['only'];
  readonly label: MessageKey;
}[] = [
  { value: 'all', label: 'dataset.onlyAll' },
  { value: 'open', label: 'dataset.onlyOpen' },
  { value: 'leaks', label: 'dataset.onlyLeaks' },
  { value: 'conflicts', label: 'dataset.onlyConflicts' },
];

export const groupKinds: readonly { readonly value: TieKind | 'any'; readonly label: MessageKey }[] = [
  { value: 'any', label: 'dataset.kindAny' },
  { value: 'near', label: 'dataset.nearCopies' },
  { value: 'burst', label: 'dataset.bursts' },
  { value: 'folder', label: 'dataset.kindFolder' },
  { value: 'name', label: 'dataset.kindName' },
];
