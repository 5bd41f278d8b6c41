import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import { viewCountOf, viewsKindOf } from '../../../src-shared/domain/pipeline/views.ts';
import type { I18n } from '../../state/i18n.svelte.ts';

/** What an evaluation list's test-time augmentation does and costs; null where it has none. */
export function wordViews(evaluation: readonly PipelineStep[], { t }: I18n): string | null {
  const kind = viewsKindOf(evaluation);
  return kind && t('pipeline.viewsUsed', { kind, count: viewCountOf(evaluation) });
}
