import type { PipelineProblem } from '../../../src-shared/domain/pipeline/check.ts';
import { findStep } from '../../../src-shared/domain/pipeline/step-tree.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { I18n } from '../../state/i18n.svelte.ts';
import type { PipelineEditor } from '../../state/pipeline-editor.svelte.ts';

/** A problem in words: what is wrong, then why it matters or what to do. */
export interface WordedProblem {
  readonly lead: string;
  readonly text: string;
}

/** The obvious way out of a problem. */
export interface ProblemFix {
  readonly title: string;
  run(): void;
}

export function wordProblem({ code, facts }: PipelineProblem, { t }: I18n): WordedProblem {
  const values = facts;
  switch (code) {
    case 'needs-tensor':
      return { lead: t('pipeline.needsTensor', values), text: t('pipeline.needsTensorText', values) };
    case 'needs-picture':
      return { lead: t('pipeline.needsPicture', values), text: t('pipeline.needsPictureText', values) };
    case 'random-in-evaluation':
      return { lead: t('pipeline.randomInEvaluation', values), text: t('pipeline.randomInEvaluationText') };
    case 'views-in-training':
      return { lead: t('pipeline.viewsInTraining', values), text: t('pipeline.viewsInTrainingText') };
    case 'views-twice':
      return { lead: t('pipeline.viewsTwice', values), text: t('pipeline.viewsTwiceText') };
    case 'views-alike':
      return { lead: t('pipeline.viewsAlike'), text: t('pipeline.viewsAlikeText') };
    case 'bad-range':
      return { lead: t('pipeline.badRange', values), text: t('pipeline.badRangeText', values) };
    case 'twice':
      return { lead: t('pipeline.twice', values), text: t('pipeline.twiceText') };
    case 'tensor-sometimes':
      return { lead: t('pipeline.tensorSometimes', values), text: t('pipeline.tensorSometimesText', values) };
    case 'bad-weights':
      return { lead: t('pipeline.badWeights'), text: t('pipeline.badWeightsText') };
    case 'empty-container':
      return { lead: t('pipeline.emptyContainer'), text: t('pipeline.emptyContainerText') };
    case 'statistics-differ':
      return { lead: t('pipeline.statisticsDiffer'), text: t('pipeline.statisticsDifferText') };
    case 'no-tensor':
      return { lead: t('pipeline.noTensor'), text: t('pipeline.noTensorText') };
    case 'no-normalize':
      return { lead: t('pipeline.noNormalize'), text: t('pipeline.noNormalizeText') };
    case 'unknown-size':
      return { lead: t('pipeline.unknownSize'), text: t('pipeline.unknownSizeText', values) };
    case 'size-differs':
      return { lead: t('pipeline.sizeDiffers', values), text: t('pipeline.sizeDiffersText', values) };
    default:
      return assertNever(code, 'problem');
  }
}

/** The button that solves a problem, where there is one that a person would press anyway. */
export function fixProblem(problem: PipelineProblem, editor: PipelineEditor, { t }: I18n): ProblemFix | null {
  const { steps, rows } = editor;
  const row = rows.find(({ step }) => step.id === problem.stepId);
  const step = row?.step;
  // Where the outermost step around it stands; ToTensor is moved in the outermost list only.
  const index = steps.findIndex((outer) => step && findStep([outer], step.id));
  const toTensor = steps.findIndex(({ kind, isEnabled }) => kind === 'ToTensor' && isEnabled);
  switch (problem.code) {
    case 'needs-tensor': {
      const tensorStep = steps[toTensor];
      if (!tensorStep || toTensor < index) return null;
      const title =
        toTensor === index + 1
          ? t('pipeline.fixSwap', { a: index + 1, b: toTensor + 1 })
          : t('pipeline.fixMoveTensor', { step: index + 1 });
      return { title, run: () => editor.moveTo(tensorStep, { parentId: null, index }) };
    }
    case 'needs-picture':
      if (!step || toTensor === -1 || toTensor > index) return null;
      return {
        title: t('pipeline.fixMoveBefore'),
        run: () => editor.moveTo(step, { parentId: null, index: toTensor }),
      };
    case 'tensor-sometimes':
      if (!step) return null;
      return {
        title: t('pipeline.fixMoveOut'),
        run: () => editor.moveTo(step, { parentId: null, index: index + 1 }),
      };
    case 'random-in-evaluation':
    case 'views-in-training':
    case 'views-twice':
    case 'twice':
      return step ? { title: t('pipeline.fixRemove'), run: () => editor.remove(step) } : null;
    case 'statistics-differ':
      return step
        ? { title: t('pipeline.fixStatistics'), run: () => void editor.setParameter(step, 'statistics', 'backbone') }
        : null;
    case 'no-tensor':
    case 'no-normalize': {
      const kind = problem.code === 'no-tensor' ? 'ToTensor' : 'Normalize';
      return { title: t('pipeline.fixAdd', { kind }), run: () => editor.append(kind) };
    }
    case 'unknown-size':
    case 'size-differs':
      return { title: t('pipeline.fixCrop'), run: () => editor.insertBeforeTensor('CenterCrop') };
    case 'bad-weights':
      return step
        ? { title: t('pipeline.fixEqualWeights'), run: () => void editor.setParameter(step, 'p', null) }
        : null;
    case 'empty-container':
    case 'views-alike':
    case 'bad-range':
      return null;
    default:
      return assertNever(problem.code, 'problem');
  }
}
