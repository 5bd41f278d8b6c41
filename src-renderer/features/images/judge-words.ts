import type { Judge } from '../../../src-shared/domain/judgement.ts';
import type { I18n } from '../../state/i18n.svelte.ts';
import type { ProjectSession } from '../../state/project-session.svelte.ts';
import type { JudgedImages } from '../../state/table/judged-images.ts';

/** The name of who judges, for lists. */
export function judgeName({ t }: I18n, { runs }: ProjectSession, judge: Judge): string {
  return judge === 'head' ? t('model.head') : (runs.find(judge)?.name ?? judge);
}

/** Where judgements come from and how far they reach, as a sentence. */
export function judgedWords(i18n: I18n, project: ProjectSession, { head }: JudgedImages): string {
  const { t } = i18n;
  if (head.judge !== 'head')
    return t('model.judgedByRun', { name: judgeName(i18n, project, head.judge), count: head.count });
  if (head.labels === null || head.count === 0) return t('model.nothingJudged');
  return t('model.judgedByHead', {
    who: t('model.headOn', { count: head.labels }),
    judged: i18n.number(head.count),
    total: i18n.number(project.dataset.imageCount),
  });
}
