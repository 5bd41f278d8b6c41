import * as v from 'valibot';

export const burstRates = [1, 2, 5, 10, 15] as const;

const choicesSchema = v.object({
  deviceId: v.nullable(v.string()),
  perSecond: v.picklist(burstRates),
  isMirrored: v.boolean(),
  isSquare: v.boolean(),
});
type Choices = v.InferOutput<typeof choicesSchema>;

const key = 'graft.camera';
const usual: Choices = { deviceId: null, perSecond: 5, isMirrored: true, isSquare: true };

/** How a person takes pictures; kept by the browser. */
export class CameraChoices {
  current: Choices = $state.raw(read());

  change(part: Partial<Choices>): void {
    this.current = { ...this.current, ...part };
    localStorage.setItem(key, JSON.stringify(this.current));
  }
}

function read(): Choices {
  try {
    const parsed = v.safeParse(choicesSchema, JSON.parse(localStorage.getItem(key) ?? 'null'));
    return parsed.success ? parsed.output : usual;
  } catch {
    return usual;
  }
}
