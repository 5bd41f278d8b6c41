import { multiLabelSentences } from './multi-label-sentences.ts';

/** What core says about images, labels and classes; a part of `sentences`. */
export const datasetSentences = {
  ...multiLabelSentences,
  imagesGone: 'Some of these images are not in the project. Reload the images, then try again.',
  imageGone: 'This image is not in the project. Reload the images, then try again.',
  viewGone: 'There is no saved view of this name any more.',
  classGone: 'This class is no longer there. Reload the classes, then try again.',
  classNameTaken: 'There is a class named “{name}” already. Choose another name.',
  nothingToUndo: 'There is nothing to undo.',
  nothingToRedo: 'There is nothing to redo.',
  noSuchClass: 'There is no class “{name}”. There are: {names}.',
  noSuchImage:
    'No image is called “{image}”. Name one by the path that it was imported from, or by the beginning of its id.',
  imageAmbiguous:
    '“{image}” is the name of several images: {first}, {second}. Name one by its path or the beginning of its id.',
  classesChanged: 'The classes are others by now. Reload them, then put them in order again.',
  classIntoItself: '“{name}” cannot go into itself. Choose another class.',
  stateGone: 'This state of the image is no longer known. Reload its history.',
  classOfStateGone: 'The class “{name}” that the image had then is gone. Add it again, or choose another class.',
  trashInUse: 'A training or another check is using images of this project. Empty the trash when it has ended.',
  noRoomForTraining:
    'Expected ‹at most {most}› for ‹validation + test›, received ‹{received}›. Leave some images for training.',
} as const;
