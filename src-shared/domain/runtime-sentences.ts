/** What core says about the TensorFlow runtime; a part of `sentences`. */
export const runtimeSentences = {
  runtimeNoPip:
    'Installing TensorFlow needs Python with pip to download it, and there is none on the PATH. Install Python 3 with pip (Debian: apt install python3-pip), then try again.',
  runtimeNoCompiler:
    'Installing TensorFlow needs the C++ compiler g++ once, and there is none on the PATH. Install it (Debian: apt install g++, macOS: xcode-select --install), then try again; what was downloaded is kept.',
  runtimeNoSpace:
    'Installing TensorFlow needs {gigabytes} GB free in {folder}. Free some space or set GRAFT_CACHE_DIR to a folder on another disk, then try again.',
  runtimeCacheFolder: 'the cache folder',
  runtimeNoNetwork:
    'The Python package index cannot be reached, so TensorFlow cannot be downloaded. Check the network or the proxy settings of pip, then try again.',
  runtimeDownloadFailed:
    'pip could not download {requirement}. Its last words are in the details; try "python3 -m pip download {requirement}" to see more.',
  runtimeWrongFile:
    'The downloaded {file} is not the file that Graft was tested with (its SHA-256 differs), so it was thrown away. Try again; if it happens twice, the package index or a proxy changes files.',
  runtimeHostUnreachable:
    '{host} cannot be reached, or the connection to it broke, so TensorFlow cannot be downloaded. Check the network, then try again; it goes on where it stopped. TFJS_NODE_CDN_STORAGE names another host.',
  runtimeHostRefuses:
    '{host} does not give out {file} (it answered {status}). Install Python 3 with pip and a C++ compiler to have TensorFlow from the Python package index, or name another host with TFJS_NODE_CDN_STORAGE.',
  runtimeArchiveDamaged: 'The downloaded {file} is damaged, so it was thrown away. Try again.',
  runtimeNotCompiled:
    "The C++ compiler could not build TensorFlow's binding. Its last words are in the details; g++ 9 or newer is needed.",
  runtimeOldProcessor:
    'This processor lacks instructions that TensorFlow was built for (AVX on x86), so TensorFlow cannot run here. Train on another machine.',
  runtimeDoesNotLoad: 'TensorFlow was installed but does not load on this machine. Its last words are in the details.',
  runtimeNoPlatform:
    '{why} Train on a Linux machine with a 64-bit processor, on Windows in WSL or with graft serve over ssh.',
  platformUnsupported: 'There is no TensorFlow runtime for {platform} on {architecture} yet.',
  platformNoGlibc: 'TensorFlow needs the GNU C library, which this Linux does not use.',
  platformNoPackage: 'The npm package @tensorflow/tfjs-node-gpu is not installed; run npm ci.',
  runtimeReady: 'TensorFlow {version} trains on the processor of this machine.',
  runtimeInstalling: 'TensorFlow is being installed: {words}.',
  runtimeReadyOnCard: 'TensorFlow {version} trains on the graphics card {card}.',
  processorOnly: 'The processor trains. {why}',
  cardNone: 'No NVIDIA driver was found on this machine, so there is no graphics card that TensorFlow could use.',
  cardPlatform: 'TensorFlow’s kernels for NVIDIA cards are for Linux on 64-bit Intel and AMD processors only.',
  cardDriverSilent:
    'The NVIDIA driver {driver} is loaded, but nvidia-smi, which tells about the card, does not run. Install it from the same package as the driver, then check again.',
  cardDriverBroken: 'The NVIDIA driver does not answer: “{words}”. Restart the machine or install the driver again.',
  cardDriverOld:
    'The graphics card {card} is not used: driver {driver} is too old. Install {least} or newer, then check again.',
  cardTooOld:
    'The graphics card {card} is not used: its compute capability is {capability}, and TensorFlow needs {least} or higher.',
  cardTooSmall: 'The graphics card {card} is not used: it has {gigabytes} GB of memory, and {least} GB are needed.',
  cardNotSeen:
    'TensorFlow is installed for the graphics card but does not see it. It said: “{words}”. Update the driver, or try again with “graft runtime install --cuda”.',
  cardFails:
    'A first operation on the graphics card failed ({how}). TensorFlow said: “{words}”. Update the driver, or try again with “graft runtime install --cuda”.',
  cardNotWanted: 'The graphics card is not used because {variable} is “cpu”.',
  cardInstallNow:
    'The graphics card {card} could train instead: {download} MB to download once, about {disk} MB on disk. It is never downloaded by itself.',
  cardFailed:
    'The graphics card failed: {problem}. The best weights until then are kept. Start Graft with GRAFT_DEVICE=cpu to go on without the card.',
  installCheckingCard: 'Trying an operation on {card}',
  runtimeNotInstalled: 'TensorFlow is not installed yet; it comes by itself before the first training.',
  runtimeInstallNow: 'Install it now to train at once: {download} MB to download, {disk} MB on disk in {folder}.',
  runtimeUnavailable: 'This machine cannot train at the moment.',
  runtimeForFineTuning:
    'Feature extraction trains at once; fine-tuning needs TensorFlow, which comes by itself before the first one.',
  runtimeHeadsOnly:
    'This machine trains by feature extraction; fine-tuning needs TensorFlow, which cannot be had here.',
  trainingNeedsTensorFlow: 'This needs TensorFlow, which is not installed. “graft doctor” says what is missing.',
  installStopped: 'The installation was stopped.',
  installDownloading: 'Downloading TensorFlow {version}',
  installUnpacking: 'Unpacking TensorFlow',
  installCompiling: 'Compiling the binding to Node',
  installChecking: 'Starting TensorFlow once',
  installReady: 'TensorFlow {version} is ready',
  installElsewhere: 'Another process ({process}) is installing: {words}',
  installLooking: 'Looking for TensorFlow',
  findingMachine: 'Machine',
  findingMachineFound: '{platform} on {architecture}',
  findingTensorFlowFound: '{version} for the CPU in {folder}, from {source}',
  findingTensorFlowCuda: '{version} for NVIDIA cards in {folder}',
  findingCard: 'Graphics card',
  findingCardNone: 'none that TensorFlow can use',
  findingCardFound: '{card}, driver {driver}, {gigabytes} GB',
  findingOnnxFound: '{version}; computes features, trains heads and predicts',
  findingOnnxElsewhere:
    '{version} has no program for {platform} on {architecture}; TensorFlow computes features, slower',
  findingOnnxMissing: 'not installed; TensorFlow computes features, slower',
  featuresInUse: 'The features are in use or being computed. Clear them when that has ended.',
  featuresOverLimit: 'All features need more than the {limit} GB that a project may keep (GRAFT_FEATURE_CACHE_GB).',
  featuresOverDisk: 'The disk has {free} GB free, too little for all features. Free some, then go on.',
  similarNoFeatures: 'This image has no features yet. Turn suggestions on: they compute those of all images.',
  mapTooFew: 'A map needs {least} images with features. Turn suggestions on: they compute those of all images.',
  mapLost: 'What draws the map went away. {what} Draw it again.',
  featuresLost: 'What computes features went away. {what} Go on to compute the rest.',
  findingNotInstalled: 'not installed; {version} comes from {source}',
  sourceWheel: 'the Python package index',
  sourcePackage: 'where its npm package downloads it',
  findingPip: 'Python with pip',
  findingCompiler: 'C++ compiler',
  findingSpace: 'Free disk space',
  findingSpaceFound: '{gigabytes} GB',
  findingUnknown: 'unknown',
  noneOnPath: 'none on the PATH',
} as const;
