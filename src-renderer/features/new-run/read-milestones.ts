const epochsMax = 10_000;
const mostMilestones = 20;

/** Reads rising whole numbers with commas or spaces between them, such as "15, 25"; null where the text is no such list. */
export function readMilestones(text: string): readonly number[] | null {
  const numbers = text
    .split(/[\s,，、]+/u)
    .filter((part) => part !== '')
    .map(Number);
  const isList = numbers.length >= 1 && numbers.length <= mostMilestones;
  const isRising = numbers.every(
    (number, index) => Number.isInteger(number) && number > (numbers[index - 1] ?? 0) && number <= epochsMax,
  );
  return isList && isRising ? numbers : null;
}
