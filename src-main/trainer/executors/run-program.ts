import type { LayerName } from '../../network/layer.ts';
import type { Tensor } from '../tensorflow.ts';
import { runInstruction } from './instructions.ts';
import type { ForwardResult, PassContext } from './pass.ts';
import type { Instruction } from './program.ts';

/** An instruction, and whether gradients pass through it and into which of its inputs. */
export interface PlannedInstruction {
  readonly instruction: Instruction;
  readonly isOnTape: boolean;
  readonly wantsInputGradient: readonly boolean[];
}

interface TapeEntry {
  readonly planned: PlannedInstruction;
  readonly tape: NonNullable<ForwardResult['tape']>;
}

/** The end of a forward pass: the output, and the way back. Both belong to the caller. */
export interface ForwardPass {
  readonly output: Tensor;
  /** Takes over the gradient of the output and runs the tape backwards. May be called once. */
  backward(gradient: Tensor): void;
  /** Frees everything that is still held. */
  dispose(): void;
}

/** Runs instructions from `from` to `to`; every activation is freed after the last instruction that needs it, forward or backward. */
export function runForward(
  context: PassContext,
  program: readonly PlannedInstruction[],
  from: LayerName,
  input: Tensor,
): ForwardPass {
  const alive = new LiveTensors(program);
  const entries: TapeEntry[] = [];
  function dispose(): void {
    alive.dispose();
    for (const entry of entries) disposeAll(entry.tape.saved);
    entries.length = 0;
  }
  try {
    alive.put(from, input);
    let end = from;
    for (const planned of program) {
      const { instruction, isOnTape } = planned;
      const inputs = instruction.inputs.map((name) => alive.get(name));
      const { output, tape } = runInstruction(context, instruction, inputs, isOnTape);
      if (tape) {
        entries.push({ planned, tape });
        if (tape.keepsInput) alive.keep(firstInput(instruction));
        if (tape.keepsOutput) alive.keep(instruction.output);
      }
      alive.put(instruction.output, output, tape?.remakeOutput);
      for (const name of instruction.inputs) alive.releaseForward(name);
      end = instruction.output;
    }
    return { output: alive.get(end), backward: (gradient) => runBackward(alive, entries, end, gradient), dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function runBackward(alive: LiveTensors, entries: TapeEntry[], end: LayerName, gradient: Tensor): void {
  const gradients = new Map<LayerName, Tensor>([[end, gradient]]);
  for (let entry = entries.pop(); entry; entry = entries.pop()) {
    const { planned, tape } = entry;
    const { instruction, wantsInputGradient } = planned;
    const outputGradient = gradients.get(instruction.output);
    if (!outputGradient) throw new Error(`No gradient reached ${instruction.output}`);
    gradients.delete(instruction.output);
    let isOutputHeld = tape.keepsOutput;
    const releaseOutput = (): void => {
      if (isOutputHeld) alive.releaseBackward(instruction.output);
      isOutputHeld = false;
    };
    const inputGradients = tape.backward({
      gradient: outputGradient,
      input: tape.keepsInput ? alive.get(firstInput(instruction)) : undefined,
      output: tape.keepsOutput ? alive.get(instruction.output) : undefined,
      releaseOutput,
      wantsInputGradient,
    });
    releaseOutput();
    if (tape.keepsInput) alive.releaseBackward(firstInput(instruction));
    disposeAll(tape.saved);
    instruction.inputs.forEach((name, index) => {
      const inputGradient = inputGradients[index];
      if (inputGradient && wantsInputGradient[index] === true) accumulate(gradients, name, inputGradient);
      else inputGradient?.dispose();
    });
  }
  for (const left of gradients.values()) left.dispose();
}

function accumulate(gradients: Map<LayerName, Tensor>, name: LayerName, next: Tensor): void {
  const previous = gradients.get(name);
  if (!previous) {
    gradients.set(name, next);
    return;
  }
  gradients.set(name, previous.add(next));
  previous.dispose();
  next.dispose();
}

function firstInput(instruction: Instruction): LayerName {
  return instruction.inputs[0] ?? '';
}

function disposeAll(tensors: readonly Tensor[]): void {
  for (const tensor of tensors) tensor.dispose();
}

/** Activations, held as long as a use is to come; one that can be made anew is not held between its uses forward and backward. */
class LiveTensors {
  readonly #tensors = new Map<LayerName, Tensor>();
  readonly #remakes = new Map<LayerName, () => Tensor>();
  readonly #forwardUses = new Map<LayerName, number>();
  readonly #backwardUses = new Map<LayerName, number>();

  constructor(program: readonly PlannedInstruction[]) {
    for (const { instruction } of program) for (const name of instruction.inputs) count(this.#forwardUses, name, 1);
    // The last output is the caller's.
    const end = program.at(-1)?.instruction.output;
    if (end !== undefined) count(this.#forwardUses, end, 1);
  }

  put(name: LayerName, tensor: Tensor, remake?: () => Tensor): void {
    this.#tensors.set(name, tensor);
    if (remake) this.#remakes.set(name, remake);
  }

  get(name: LayerName): Tensor {
    const tensor = this.#tensors.get(name) ?? this.#remakes.get(name)?.();
    if (!tensor) throw new Error(`The activations of ${name} are not there`);
    this.#tensors.set(name, tensor);
    return tensor;
  }

  /** Announces a use on the way back. */
  keep(name: LayerName): void {
    count(this.#backwardUses, name, 1);
  }

  releaseForward(name: LayerName): void {
    const isNeeded = this.#backwardUses.has(name) && !this.#remakes.has(name);
    if (count(this.#forwardUses, name, -1) === 0 && !isNeeded) this.#free(name);
  }

  releaseBackward(name: LayerName): void {
    if (count(this.#backwardUses, name, -1) === 0) this.#free(name);
  }

  dispose(): void {
    disposeAll([...this.#tensors.values()]);
    this.#tensors.clear();
  }

  #free(name: LayerName): void {
    this.#tensors.get(name)?.dispose();
    this.#tensors.delete(name);
  }
}

function count(uses: Map<LayerName, number>, name: LayerName, by: 1 | -1): number {
  const left = (uses.get(name) ?? 0) + by;
  uses.set(name, left);
  return left;
}
