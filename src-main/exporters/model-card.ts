import type { BackboneRecord } from '../../src-shared/domain/backbone.ts';
import type { Recipe } from '../../src-shared/domain/recipe/recipe.ts';
import { viewCountOf } from '../../src-shared/domain/pipeline/views.ts';
import type { RunRecord } from '../../src-shared/domain/run.ts';

export interface ModelCardSource {
  readonly record: RunRecord;
  readonly projectName: string;
  readonly backbone: BackboneRecord;
}

/** MODEL_CARD.md: what the model is, how it was made and how good it was, for whoever gets the files. */
export function modelCard({ record, projectName, backbone }: ModelCardSource): string {
  const { recipe, dataset, result } = record;
  const accuracy = result
    ? `${(result.accuracy * 100).toFixed(1)} % of ${result.total} ${result.split} images right (${result.correct}), mean loss ${result.loss.toFixed(3)}`
    : 'not measured: no images were held out';
  return `# ${projectName}: ${record.name}

Tells pictures apart by ${record.classes.length} classes: ${record.classes.map(({ name }) => name).join(', ')}.

## How good it was
${accuracy}. The images came from the same collection as the training images; on other pictures expect less.
Every picture gets one of the classes, also one that shows none of them.

## How it was made
- Backbone: ${backbone.title}, ${backbone.parameterCount.toLocaleString('en')} parameters, ${backbone.licence} (${backbone.origin})
- ${describeMode(recipe)}
- ${recipe.epochs} epochs, batches of ${recipe.batchSize}, learning rate ${recipe.learningRate}, ${recipe.optimizer.kind}, schedule ${recipe.schedule.kind}, seed ${recipe.seed}
- ${dataset.training} training, ${dataset.validation} validation and ${dataset.test} test images; SHA-256 of the dataset ${dataset.hash}
- Trained ${record.createdAt}; run ${record.id}

## How to use it
- \`example/browser/index.html\` opens by double click and needs no network.
- \`tfjs/model.json\` loads with \`tf.loadLayersModel\`. Input: [n, ${backbone.inputSize}, ${backbone.inputSize}, 3] float32 as \`preprocess.json\` says and
  \`preprocess.mjs\` does, which browsers and Node import as it is (\`preprocess.py\` for torchvision); output: one probability a class in the order of \`labels.txt\`.
${describeViews(viewCountOf(record.pipeline.evaluation))}- \`test/\` has pictures with the probabilities that the app gives them; \`certificate.json\` says how closely these files were found to agree.
`;
}

/** A program that does not average gets other answers than those that were certified: it has to be told. */
function describeViews(viewCount: number): string {
  if (viewCount === 1) return '';
  return `- **Test-time augmentation.** All figures here, \`certificate.json\` and \`test/\` are about the mean of the probabilities of ${viewCount} views of each
  picture: ${viewCount} forward passes. \`preprocess.mjs\` and \`preprocess.py\` make the views and show how to average; the page does both.
  \`signature.json\`, whose form knows no views, describes one pass: a program that follows it alone judges one view, which nothing here certifies.
`;
}

function describeMode({ mode, trainableFrom }: Recipe): string {
  if (mode === 'feature-extraction') return 'Feature extraction: only the new output layer learned';
  const learned = trainableFrom === null ? 'all parameters' : `everything from ${trainableFrom} up`;
  return `Fine-tuning: new output layer, ${learned} learned`;
}
