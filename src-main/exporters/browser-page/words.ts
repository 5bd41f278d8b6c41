/** Everything that the page says. */
export interface PageWords {
  readonly intro: string;
  readonly hint: string;
  readonly choose: string;
  readonly loading: string;
  readonly ready: string;
  readonly judging: string;
  readonly judged: (milliseconds: number) => string;
  readonly unreadable: string;
  readonly broken: (reason: string) => string;
}

const english: PageWords = {
  intro: 'Runs in this page alone: no picture leaves your computer.',
  hint: 'Drop a picture here, paste one, or',
  choose: 'Choose a picture…',
  loading: 'Loading the model…',
  ready: 'Ready.',
  judging: 'Looking…',
  judged: (milliseconds) => `Took ${milliseconds} ms.`,
  unreadable: 'This file is not a picture that this browser can read. Try a JPEG, PNG or WebP.',
  broken: (reason) => `The page cannot go on: ${reason}`,
};

const chinese: PageWords = {
  intro: '仅在本页面内运行：图片不会离开您的电脑。',
  hint: '将图片拖到这里、粘贴，或',
  choose: '选择图片…',
  loading: '正在加载模型…',
  ready: '就绪。',
  judging: '正在识别…',
  judged: (milliseconds) => `用时 ${milliseconds} 毫秒。`,
  unreadable: '此浏览器无法读取该文件。请尝试 JPEG、PNG 或 WebP 图片。',
  broken: (reason) => `页面无法继续：${reason}`,
};

/** The words for a browser's language. */
export function wordsFor(language: string): PageWords {
  return language.toLowerCase().startsWith('zh') ? chinese : english;
}
