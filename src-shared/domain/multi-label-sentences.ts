/** What core says where projects of one class an image and of several differ; a part of `datasetSentences`. */
export const multiLabelSentences = {
  labelsAreSeveral:
    'This is a multi-label project, whose images have any number of classes: put classes on and take them off instead of setting one label.',
  labelIsOne: 'This is a single-label project, whose images have one class each: set the label instead.',
  notInMultiLabel: 'Multi-label projects do not have {what} yet.',
  whatSuggestions: 'suggestions',
  whatComparisons: 'comparisons of runs',
  whatSafetyChecks: 'safety checks of pipelines',
  whatExports: 'exports of models',
  whatClassFolders: 'an export as class folders, since an image can have several classes; choose another format',
  noLabelledImages: 'No training image has a class yet. Label some images, or change the split of labelled ones.',
  samplingNeedsOneClass:
    'Balanced sampling draws images by their one class, and here an image can have several. Choose class weights instead.',
  runIsMultiLabel: 'The run is a multi-label one: it is judged by average precision, class by class.',
  runIsSingleLabel: 'The run is a single-label one: it is judged by accuracy.',
} as const;
