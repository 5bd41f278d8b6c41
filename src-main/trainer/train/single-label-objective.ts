import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { countCorrect, highestOfRows, judge, oneHot } from './judging.ts';
import { balancedClassWeights, lossTargets } from './loss-targets.ts';
import type { Objective } from './objective.ts';

interface SingleLabels {
  readonly recipe: Pick<Recipe, 'labelSmoothing' | 'classBalance'>;
  readonly classCount: number;
  /** Indices of classes, one an image. */
  readonly training: readonly number[];
  readonly validation: readonly number[];
}

/** Softmax and cross-entropy; accuracy is the share of images whose likeliest class is theirs. */
export function singleLabelObjective({ recipe, classCount, training, validation }: SingleLabels): Objective {
  const { labelSmoothing, classBalance } = recipe;
  const classWeights = classBalance === 'class-weights' ? balancedClassWeights(training, classCount) : null;
  return {
    samplingLabels: training,
    answersPerGuess: classCount,
    labelRows: (indices) =>
      oneHot(
        indices.map((index) => training[index] ?? 0),
        classCount,
      ),
    lossTargets: (values, isMixed) => lossTargets({ values, classCount, isMixed }, { labelSmoothing, classWeights }),
    // Of a blend the dominant image counts.
    countRight: (probabilities, labels) => countCorrect(probabilities, highestOfRows(labels, classCount)),
    judge: (probabilities) => judge(probabilities, validation),
  };
}
