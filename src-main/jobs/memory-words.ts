/** How TensorFlow, V8, WebAssembly, C++ and the system say that there was no memory. */
const memoryWords =
  /out of memory|OOM when allocating|RESOURCE_?EXHAUSTED|array buffer allocation failed|bad_alloc|cannot allocate memory|failed to allocate|\bENOMEM\b/i;

/** True when a trainer's words are about memory. */
export function isAboutMemory(words: string): boolean {
  return memoryWords.test(words);
}
