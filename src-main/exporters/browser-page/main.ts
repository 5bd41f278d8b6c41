/** The page that an export carries: takes a picture, says what the model sees in it. Works offline from a file. */
import * as v from 'valibot';
import { pageDataSchema, pageElements } from '../page-data.ts';
import { loadClassifier, type Classifier } from './classifier.ts';
import { createPageView, type Judged, type PageView } from './page-view.ts';
import { readPicture } from './read-picture.ts';
import { wordsFor, type PageWords } from './words.ts';

const shownClasses = 5;

async function main(): Promise<void> {
  const words = wordsFor(navigator.language);
  document.documentElement.lang = words === wordsFor('zh') ? 'zh-CN' : 'en';
  const data = v.parse(v.pipe(v.string(), v.parseJson(), pageDataSchema), textOf(pageElements.data));
  let classifier: Classifier | null = null;
  const view = createPageView(elementOf(pageElements.app), data.title, words, (file) => {
    if (classifier) void judge(classifier, data.labels, { file, view, words });
  });
  view.setStatus(words.loading);
  try {
    classifier = await loadClassifier(data, fromBase64(textOf(pageElements.weights)));
    view.setReady();
    view.setStatus(words.ready);
  } catch (error) {
    view.setStatus(words.broken(error instanceof Error ? error.message : String(error)), true);
  }
}

async function judge(
  classifier: Classifier,
  labels: readonly string[],
  { file, view, words }: { readonly file: Blob; readonly view: PageView; readonly words: PageWords },
): Promise<void> {
  view.showPicture(file);
  view.showResult([]);
  view.setStatus(words.judging);
  const image = await readPicture(file).catch(() => null);
  if (!image) {
    view.setStatus(words.unreadable, true);
    return;
  }
  try {
    const startMs = performance.now();
    const probabilities = await classifier.classify(image);
    const judged = labels.map((label, index): Judged => ({ label, probability: probabilities[index] ?? 0 }));
    // For tests and for people with a console: all of them, unrounded.
    elementOf(pageElements.app).dataset['probabilities'] = JSON.stringify(Array.from(probabilities));
    view.showResult(judged.toSorted((a, b) => b.probability - a.probability).slice(0, shownClasses));
    view.setStatus(words.judged(Math.round(performance.now() - startMs)));
  } catch (error) {
    view.setStatus(words.broken(error instanceof Error ? error.message : String(error)), true);
  }
}

function elementOf(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has lost its part ${id}`);
  return found;
}

function textOf(id: string): string {
  return elementOf(id).textContent;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

void main();
