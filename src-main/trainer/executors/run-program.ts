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
        if (tape.keepsInput) alive.retain(firstInput(instruction));
        if (tape.keepsOutput) alive.retain(instruction.output);
      }
      alive.put(instruction.output, output);
      for (const name of instruction.inputs) alive.release(name);
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
      if (isOutputHeld) alive.release(instruction.output);
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
    if (tape.keepsInput) alive.release(firstInput(instruction));
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

/** Activations with the number of uses that are still to come. */
class LiveTensors {
  readonly #tensors = new Map<LayerName, Tensor>();
  readonly #uses = new Map<LayerName, number>();

  constructor(program: readonly PlannedInstruction[]) {
    for (const { instruction } of program) instruction.inputs.forEach((name) => this.retain(name));
    // The last output is the caller's.
    const end = program.at(-1)?.instruction.output;
    if (end !== undefined) this.retain(end);
  }

  put(name: LayerName, tensor: Tensor): void {
    this.#tensors.set(name, tensor);
  }

  get(name: LayerName): Tensor {
    const tensor = this.#tensors.get(name);
    if (!tensor) throw new Error(`The activations of ${name} are not there`);
    return tensor;
  }

  retain(name: LayerName): void {
    this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
  }

  release(name: LayerName): void {
    const left = (this.#uses.get(name) ?? 0) - 1;
    this.#uses.set(name, left);
    if (left > 0) return;
    this.#tensors.get(name)?.dispose();
    this.#tensors.delete(name);
  }

  dispose(): void {
    disposeAll([...this.#tensors.values()]);
    this.#tensors.clear();
  }
}
