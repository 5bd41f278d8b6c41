import { datasetSentences } from './dataset-sentences.ts';
import { importSentences } from './import-sentences.ts';
import { runtimeSentences } from './runtime-sentences.ts';

/**
 * What core says to people, in English, by name; `{holes}` are filled with facts. The page has every one of these in its
 * other languages too, the command line and the log say them as they stand.
 */
export const sentences = {
  // Files and disks. `doing` is one of the phrases below.
  diskFull: 'Could not {doing}: the disk is full. Free some space, then try again.',
  notPermitted:
    'Could not {doing}: writing or reading “{path}” is not permitted. Check the permissions of its folder, then try again.',
  notThere: 'Could not {doing}: “{path}” is not there.',
  fileInTheWay: 'Could not {doing}: a file is in the way at “{path}”. Move it, then try again.',
  systemRefused: 'Could not {doing}: the system answered {system} for “{path}”. Try again.',
  systemTrouble:
    'The system answered {system} (“{path}”). Try again; if it happens again, check the disk or the drive.',
  doingWriteExport: 'write the export',
  doingSave: 'save “{file}”',
  doingSaveChange: 'save the change',
  doingSavePipeline: 'save the pipeline',
  doingDeletePipeline: 'delete the pipeline',
  doingReadPipeline: 'read the pipeline',
  doingShowPicture: 'show the picture',
  doingMakeProject: 'make the project',
  doingOpenProject: 'open the project',
  doingOpenForWriting: 'open the project for writing',
  doingReadFolder: 'read the folder',
  doingReadFile: 'read the file',
  doingCopyImages: 'copy the images into the project',
  doingSaveFeatures: 'save the computed features',
  doingEmptyTrash: 'empty the trash',
  doingClearFeatures: 'clear the cached features',
  doingKeepFile: 'keep the file',
  doingTakeSnapshot: 'keep the state of the project',
  doingRestore: 'put the earlier state back',
  doingLookIntoFolder: 'look into the folder',
  doingOpenFolder: 'open the folder',

  // What is in the way of taking a Python text as a pipeline.
  pythonNothing:
    'There is no list of transforms in this text. Paste the lines from “transforms.Compose([” to its last bracket.',
  pythonUnclosed: 'This bracket is not closed. Paste the text up to its last line.',
  pythonUnread: 'This Compose is part of an expression that is not read. Give it a line and a name of its own.',
  pythonNoList: 'The transforms are not written out here. Write them as a list: Compose([...]).',
  pythonNotTransform: 'This is no transform. Take it out.',
  pythonUnknown: 'There is no step “{name}”. Take it out, or put a step that Graft has in its place.',
  pythonUnknownArgument: '{kind} has no parameter “{name}” here. Take it out.',
  pythonTooMany: '{kind} takes no argument after {names}. Take this one out.',
  pythonMissing: '{kind} needs “{name}”. Add it.',
  pythonBadValue: '{kind} does not take {value} for “{name}”. Correct it.',
  pythonUnknownName: '“{name}” has no value above. Write its value in its place.',
  pythonConditional:
    '“{name}” depends on line {line}, which only a running program can decide. Write its value in its place.',
  pythonNotValue: '“{text}” has a value only in a running program. Write the value in its place.',
  pythonBytes: '{name} leaves values of 0 … 255. Add ToDtype(torch.float32, scale=True) after it.',
  pythonDtype: '{name} is read as dtype=torch.float32, scale=True only. Correct it.',
  pythonLambda:
    'Of transforms.Lambda only what is done to each view after FiveCrop or TenCrop is understood, [step(view) for view in views], and [image, hflip(image)].',
  pythonPartOfToTensor: '{name} is taken as part of ToTensor.',
  pythonNothingToDo: '{name} changes nothing here and is left out.',
  pythonNoEffect: '“{name}” changes nothing here and is left out.',
  pythonLeftOut: 'This list is left out: a pipeline has one for training and one for evaluation.',

  // What somebody gave that does not fit.
  expectedFor: 'Expected ‹{expected}› for ‹{field}›, received ‹{received}›.',
  noSuchField: 'no such field',
  someValue: 'a value',
  noValue: 'nothing',
  somethingElse: 'something else',
  anObject: 'an object',
  aList: 'a list',
  theBody: 'the body',
  more: 'more',
  nothingAtAddress: 'There is nothing at this address.',
  pathBelowDropped: 'a path below the dropped folder',
  atMostBytes: 'at most {most} bytes',

  // Pictures that cannot be used.
  imageCannotBeUsed: 'The image {file} cannot be used: {problem}',
  fileEmpty: 'The file is empty: copy it again from where it came from',
  formatRefused: '{format} files cannot be read: save the picture as JPEG, PNG, WebP, GIF, TIFF or AVIF',
  formatUnknown: 'This is not a picture in a known format: save it as JPEG, PNG, WebP, GIF, TIFF or AVIF',
  variantRefused: 'This kind of {format} file cannot be read: save the picture as PNG or JPEG',
  fileCutAt:
    'The {format} file is cut off: {present} of at least {expected} bytes are there. Copy it again from where it came from',
  fileCut: 'The {format} file is cut off: its end is missing. Copy it again from where it came from',
  fileDamaged: 'The {format} file is damaged: open it in a picture editor and save it again, or leave it out',
  tooManyPixels: 'The picture has {width} × {height} pixels, more than {most} million: save a smaller copy',
  tooManyMegabytes: 'The file has {size} MB, more than {most}: save a smaller copy',
  uploadTooLarge: 'The file has more than {most} MB. Choose a smaller one.',
  fileGone: 'The file is not there any more: put it back, or leave it out',
  fileForbidden: 'The file may not be read: allow it for your user',
  fileChanged:
    'The file is not as it was imported: its bytes have another hash. Put the original back, or leave it out',
  noTestImages: 'There are no images in the test split to freeze. Share images out first.',
  isFolder: 'This is a folder: choose a picture file',

  ...importSentences,

  // Projects.
  heldBy: '{program} (process {process}, since {since}) is writing this project. Close it there to make changes here.',
  heldElsewhere:
    '{program} on {host} (process {process}, since {since}) is writing this project. Close it there to make changes here.',
  anotherProgram: 'Another program',
  placeReadOnly:
    'The place of this project cannot be written (“{path}”). Copy the project to where it may be, or allow writing there.',
  startedForReading: 'Graft was started for reading only.',
  takenOver: 'Another process took the project over while this one did not answer. Open the project again to go on.',
  replacedOnDisk: 'The project’s files were replaced on the disk. Open it again to go on with what is there.',
  databaseMissing: '“{path}” has lost its project.sqlite. Restore it from a backup.',
  databaseDamaged:
    '“{path}” is damaged and cannot be read as a project database. Put an earlier state of the project back (“graft snapshots” on the command line), or restore the file from a backup.',
  databaseUnusable:
    '“{path}” cannot be used ({system}). Check that it exists and that its folder may be written, then try again.',
  databaseNewer:
    'This project was last used by a newer Graft (its database has version {version}, this Graft knows {known}). Update Graft to open it.',
  databaseOlder:
    'This project was made by an older Graft and has to be converted once. Open it where it may be written, then try again.',
  snapshotGone: 'This earlier state is not kept any more. Choose another one.',
  restoring: 'An earlier state of the project is being put back. Try again in a moment.',
  restoreDuringImport: 'Images are being imported. Wait for the end of the import, or stop it, then try again.',
  projectNewer: '“{path}” was made by a newer Graft. Update Graft to open it.',
  noProject: '“{path}” is no Graft project: it has no project.json. Choose another folder.',
  projectDamaged: '“{path}” cannot be read ({what}). Restore it from a backup.',
  notJson: 'it is not JSON',
  folderNotEmpty: '“{path}” is not empty. Choose a new or empty folder for the project.',
  projectNotRecent: 'This project is not among the recent ones. Open its folder instead.',
  projectNotOpen: 'This project is not open. Open it from the home page, then try again.',
  projectCopyOpen: '“{path}” is a copy of “{original}”, which is open. Open the copy for writing once.',
  sampleMissing: 'The sample “{sample}” did not come with this copy of Graft. Install Graft again.',
  backboneMissing: 'The backbone “{backbone}” did not come whole with this copy of Graft. Install Graft again.',

  // Files of a network.
  runHasNoModel:
    'The run has no model: model.json or weights.bin is missing. Restore the folder of the run from a copy, or train again.',
  backboneHasNoModel:
    'The backbone {backbone} has no model: model.json or weights.bin is missing. Install Graft again, or import the backbone again.',
  weightsDamaged:
    'The file of weights is damaged: it should have {expected} bytes and has {received}. Restore it from a copy.',
  networkUnsound: 'model.json does not describe a sound network: {reason}. Restore the file from a copy.',

  // A model that a person brings.
  kerasModelNotFunctional:
    'The model is not a functional Keras model with one output, or it has models inside: build one flat model with keras.Model(inputs, outputs), then convert it again.',
  kerasModelDamaged:
    'model.json is not that of a TF.js Layers model ({place}: {problem}). Convert the model again with tensorflowjs_converter, or restore the file.',
  kerasModelUnsound: 'The layers of the model do not fit together: {reason}. Convert it again.',
  kerasNoSuchLayer: 'The model has no layer “{layer}”. Name one as model.json writes it.',
  kerasInputSizeOpen: 'The model takes images of any size: say which size to use.',
  kerasInputRefused:
    'The model takes inputs of {shape}; a backbone takes square colour images. Choose another network.',
  kerasEndRefused:
    'The layer “{layer}” gives no image of features. Name a layer before the model’s own head as the end.',
  kerasOrderRefused:
    'The model expects blue, green, red, but does not begin with a convolution that could be turned round. Choose another network.',
  kerasWeightMissing: 'The weight “{weight}” is not in the model’s files. Convert the model again.',
  kerasWeightShape: 'The weight “{weight}” is {received} and should be {expected}. Convert the model again.',
  importedBackboneMissing:
    'The backbone “{backbone}” was imported by hand and is not, or not whole, on this computer. Import the same model again with the same settings.',
  backboneBundled: 'The backbone “{backbone}” came with Graft and stays. Only imported ones can be removed.',
  backboneInUse:
    'The backbone “{backbone}” stays: runs in {projects} need it to predict, to be exported and to go on. Delete those runs or projects first, or take the projects off the home page.',
  doingRemoveBackbone: 'remove the backbone',
  kerasLayerShared:
    'The layer “{layer}” is used in more than one place, which is not supported. Choose another network.',
  kerasLayerRefused:
    'The layer “{layer}” is of the kind {className}, which is not supported. Choose another network, or name a layer before it as the end of the backbone.',
  kerasSettingRefused:
    'The layer “{layer}” ({className}) has a setting that is not supported: expected {expected} for {setting}, received {received}. Choose another network, or name a layer before it as the end of the backbone.',

  ...datasetSentences,

  // Pipelines.
  pipelineDamaged: '“{file}” is no pipeline: {what}. Mend it or leave it out.',
  pipelineOnlyOne: 'This is the only pipeline of the project. Make another one before you delete it.',
  previewGone: 'This picture is no longer kept. Make the preview again.',
  atStep: 'Step {step} ({kind}): {what}',
  stepNeedsPicture: '{kind} needs a picture: move it above ToTensor',
  stepNeedsTensor: '{kind} needs a tensor: put ToTensor above it',
  pictureGrows: 'The picture would grow to {width} × {height} pixels: choose a smaller size, or crop it first',
  cropTooLarge:
    'A crop of {cropWidth} × {cropHeight} does not fit in {width} × {height} pixels: put Resize above it, or turn on pad_if_needed',
  kernelTooLarge:
    'A kernel of {across} × {down} does not fit in {width} × {height} pixels: put Resize above it, or make the kernel smaller',
  rangeReversed: 'Expected ‹min ≤ max› for ‹{field}›, received ‹{low} … {high}›',
  notAboveZero: 'Expected ‹numbers above 0› for ‹std›, received ‹{received}›',
  maxSizeTooSmall: 'Expected ‹one size below max_size› for ‹size›, received ‹{size}› with max_size {most}',
  sideVanishes: 'An image of {width} × {height} pixels would get a side of 0 pixels: raise max_size',
  pictureComesOutWrong:
    'The pipeline makes {width} × {height} pixels of the picture, and the network needs {needed} × {needed}: end it with a Resize or CenterCrop of that size',
  viewsTwice: 'There already are several views of the picture: only one step of a list can make views',
  endsWithPicture: 'The pipeline ends with a picture, not with numbers: add ToTensor',

  // Trainings.
  filesChanged:
    'Of the images to be trained on, {count} are no longer what they were when they came in, or are gone: {files}. Restore their files from a copy or leave the images out on the Dataset page, then try again.',
  noSuchStage: '{backbone} has no stage “{stage}” to train from. Choose one of {stages}, or train all.',
  tooFewClasses:
    'Training needs at least two classes with training images, and no class has any. Import or label more images, then try again.',
  onlyOneClass:
    'Training needs at least two classes with training images, and only “{name}” has any. Import or label more images, then try again.',
  pipelineCannotRun: 'The {part} list of the pipeline “{pipeline}” cannot run: {problem}. Fix it, then try again.',
  pipelineCannotRunAt:
    'The {part} list of the pipeline “{pipeline}” cannot run at step {step} ({kind}): {problem}. Fix it, then try again.',
  partTraining: 'training',
  partEvaluation: 'evaluation',
  problemNeedsTensor: 'Normalize needs ToTensor before it',
  problemNeedsPicture: 'the step works on pictures and must stand before ToTensor',
  problemRandomInEvaluation: 'random steps never run in evaluation',
  problemViewsInTraining: 'views are averaged when images are judged, so that only the evaluation list can make them',
  problemViewsAlike: 'the crops are as large as the picture, so that they all show the same',
  problemBadRange: 'expected {field} {expected}',
  problemNoTensor: 'the list must end with a tensor; add ToTensor',
  problemNoNormalize: 'there is no Normalize step',
  problemUnknownSize: 'pictures of other shapes come out in other sizes; add CenterCrop or RandomCrop to {size}',
  problemSizeDiffers: 'the backbone needs {size} pixels and gets {width} × {height}',
  problemStatisticsDiffer: "the statistics are not the backbone's",
  problemTwice: 'the step stands there twice',
  problemTensorSometimes:
    'what {container} holds is not the same for every image, and the network needs a tensor of each; move it below',
  problemBadWeights: 'p needs one weight for each step, and one of them above 0',
  problemEmptyContainer: 'there is no step in it',
  divergedLoss: 'The loss stopped being a number at step {step}, in epoch {epoch}. {cause} {kept}',
  divergedWeights: 'Some weights were not finite any more after step {step}, in epoch {epoch}. {cause} {kept}',
  divergedExploded:
    'The loss exploded: by step {step}, in epoch {epoch}, it had risen to {loss}, and images were recognised no better than by guessing. {cause} {kept}',
  causeLearningRate: 'The usual cause is too high a learning rate: try {advised} instead of {learningRate}.',
  causeHeadRate: 'The usual cause is too high a learning rate of the head: try {advised} instead of {learningRate}.',
  keptOfEpoch: 'The weights of epoch {epoch} are kept.',
  keptNothing: 'No epoch had ended, so no weights are kept.',
  runInterrupted: 'Graft or the computer stopped during the training. What was learned up to the best epoch is kept.',
  runClosed: 'Graft was closed during the training. What was learned up to the best epoch is kept.',
  trainerEnded: 'The trainer was ended because {because}.',
  becauseSilent: 'it gave no sign of life for {seconds} s',
  becauseStuck: 'it did not exit',
  becauseStubborn: 'it did not stop within {seconds} s',
  trainerKilled: 'The trainer was killed from outside, perhaps because memory ran out. {advice}',
  memoryRanOut: 'Memory ran out. {advice}',
  adviceHalfBatch: 'Try a batch size of {half} instead of {batch}.',
  adviceSmallerBatch: 'Continue with a batch size of {half}, or close other programs and continue as before.',
  adviceCloseOthers: 'Close other programs, then try again.',
  predictorEnded: 'The program that judges pictures ended early. Try again.',
  deviceFailed:
    'What TensorFlow computes on failed: {what}. Try again; restart the computer if it fails again, or start Graft with GRAFT_DEVICE=cpu to leave a graphics card alone.',
  providerFailed: '{provider} cannot compute this network: {what}. Choose the processor in Settings.',
  trainerLost: 'The trainer went away ({how}).',
  trainerLostSaying: 'The trainer went away ({how}). Its last words: {words}',
  runBroke: 'Something in Graft went wrong: {what}',
  recordUnsaved: 'The run’s record could not be saved. {what}',
  runNotAtWork: 'This run is not at work any more.',
  runAtWork: 'This run is at work already.',
  runComplete: 'This run is complete: there is nothing left to continue. Extend it to train longer.',
  batchNotSmaller: 'A batch size of {asked} is not smaller than the {batch} of this run. Name a smaller one.',
  runExtendAtWork: 'This run is still at work. Extend it when it is complete.',
  runExtendEarly: 'This run ended early. Continue it to its end first.',
  runNoCheckpoint: 'This run left no checkpoint: it ended before its first epoch. Start it again with the same recipe.',
  runOtherBackbone: 'The backbone is another version than the one this run began with. Start a new run.',
  runOtherImages:
    'The images are not those that this run began with ({what}). Undo the change to continue it, or start a new run.',
  splitChanged: '{split} {before} then, {now} now',
  both: '{first}; {next}',
  labelsChanged: 'a label, a split or a class is another',
  runUnknown: 'There is no run {run} in this project. List the runs to see which there are.',
  runDamaged: 'The record of run {run} (run.json) is damaged. Restore it from a copy, or train again.',
  runNotJudged: 'The run is still training; it is judged at its end.',
  judgingStopped: 'The judging was stopped. Nothing of it is kept.',
  splitNoImages:
    'The {split} split has no image of a class that this run knows. Choose another split, or share images out.',
  pipelineNotWritten: '“{file}” was not written: it is there already, or its folder is not. Name another file.',
  ofFile: '{file}: {what}',
  runNoWeights: 'This run has no weights: it ended before its first epoch. Choose another run, or train again.',

  // Tries of recipes.
  probeNotAtWork: 'This try is not at work any more.',
  probeBesideTraining: 'A training is at work. Try the recipe when it has ended.',
  safetyNoImages:
    'The run judges no held-out image right with a probability of 0.9, so there is nothing to try the steps on. Train a better run first.',
  safetyNothingRandom: 'The training list has no random step that is switched on.',
  probeStopped: 'The try was stopped.',

  // Suggestions.
  suggestionsFewLabels: 'Label two images each of two classes outside of the test set, then try again.',
  suggestionsChanged: 'The suggestions have changed meanwhile. Look at them again, then accept.',
  suggestionsLost: 'What suggests classes went away. {what} It starts again with the next label.',

  // Exports.
  exportRunAtWork: 'The run is still at work. Export it when it has ended.',
  exportNotAtWork: 'This export is not at work any more.',
  exportGone: 'This export is not there any more. Export the run again.',
  exportNoImages: 'The project has no images to prove an export on. Import some, then try again.',
  exportUnchecked: 'The export could not be checked. {what}',
  exportDiffers:
    'The exported files do not predict what the app predicts: probabilities differ by up to {difference} ({tolerance} is allowed) and the first class is the same in {agreement} % of the images. Nothing was kept; please report this.',

  // Whether what lies below the learning stages is cached.
  stageCacheMixes: 'MixUp and CutMix blend pixels, so every step begins with them.',
  stageCacheFresh:
    'The pipeline draws at random, and the recipe asks for fresh images in every epoch. “Cache augmented versions” trades them for speed.',
  stageCacheNoCut:
    'The backbone cannot be cut below {stage}: more than one output goes on from there, or a layer before it draws at random.',
  stageCacheLimit:
    'It needs {needed} GB, and a project may keep {limit} GB of features. GRAFT_FEATURE_CACHE_GB sets another limit.',
  stageCacheDisk: 'It needs {needed} GB, and the disk has {free} GB free.',
  stageCacheBegun: 'This training began without it, and goes on as it began.',

  ...runtimeSentences,
} as const;
